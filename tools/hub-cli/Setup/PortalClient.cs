using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Cli.Clients;

namespace Safeguarding.Cli.Setup;

/// <summary>
/// The portal as an application that people sign in to: its key, its certificate, and its entry in the register, which
/// follows the address that browsers reach it at. An installation from before the portal gets them with the next start.
/// </summary>
internal static class PortalClient
{
    private const string Id = "portal";
    private const int KeyBits = 3072;
    private const int CertificateYears = 30;

    /// <summary>Where browsers reach it.</summary>
    public static string Address =>
        Place.Setting("HUB_PORTAL_PUBLIC_URL")?.TrimEnd('/') ?? $"{Place.Scheme}://localhost:{HubPorts.Get("portal")}";

    public static void Make(SecretFolder secrets, Action<string> say)
    {
        // What seals sessions in the database: without the file nobody reads them.
        secrets.Make("portal/Portal__Certificate", NewCertificate);
        using var key = RSA.Create();
        key.ImportFromPem(secrets.Make("portal/Portal__SigningKey", NewKey));
        var known = PublicKeys.Read(key.ExportSubjectPublicKeyInfoPem(), Thumbprint(key)).Single();

        var file = new ClientsFileOnDisk(secrets.PathOf("register/clients.json"));
        if (ClientsFileOnDisk.Find(file.Read(), Id) is { } entry && !Complete(entry.DeepClone().AsObject(), known))
            return;
        file.Change(clients =>
        {
            if (ClientsFileOnDisk.Find(clients, Id) is not { } portal)
            {
                portal = new JsonObject { ["id"] = Id, ["organisation"] = "HUB" };
                clients.Add(portal);
            }

            Complete(portal, known);
        });
        say($"{Id} is an application that people sign in to, at {Address}");
    }

    /// <returns>Whether anything was missing.</returns>
    private static bool Complete(JsonObject portal, JsonObject key)
    {
        var keys = ListOf(portal["jwks"] ??= new JsonObject(), "keys");
        var hasKey = keys.Any(one => (string?)one!["kid"] == (string?)key["kid"]);
        if (!hasKey)
            keys.Add(key.DeepClone());
        return Complete(portal, "redirectUris", $"{Address}/signed-in")
            | Complete(portal, "postLogoutRedirectUris", $"{Address}/signed-out")
            | !hasKey;
    }

    private static bool Complete(JsonObject portal, string name, string address)
    {
        var addresses = ListOf(portal, name);
        if (addresses.Any(one => (string?)one == address))
            return false;
        addresses.Add(address);
        return true;
    }

    private static JsonArray ListOf(JsonNode parent, string name) => (JsonArray)(parent[name] ??= new JsonArray());

    // As the portal computes it, so that neither has to be told.
    internal static string Thumbprint(RSA key) =>
        Base64UrlEncoder.Encode(new RsaSecurityKey(key.ExportParameters(false)).ComputeJwkThumbprint());

    internal static string NewKey()
    {
        using var key = RSA.Create(KeyBits);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string NewCertificate()
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest("CN=portal", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(CertificateYears));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}";
    }
}
