using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Safeguarding.Cli.Clients;

namespace Safeguarding.Cli.Setup;

/// <summary>
/// The systems of the portal's practice area: made-up organisations, which the portal acts for with a key of its own.
/// Beside clients of a real hub none is put.
/// </summary>
internal static class PracticeClients
{
    private static readonly (string Id, string Organisation, string[] Scopes)[] All =
    [
        ("practice-meadowbank", "RZ1", ["encounter.submit", "site.write"]),
        ("practice-harbourside", "RZ2", ["encounter.submit", "site.write"]),
        ("practice-westhollow", "43", ["contact.submit"]),
        ("practice-northmoor", "E08999901", ["plan.write", "plan.read", "council.write"]),
        ("practice-eastvale", "E08999902", ["plan.write", "plan.read", "council.write"]),
    ];

    public static void Make(SecretFolder secrets, Action<string> say)
    {
        using var key = RSA.Create();
        key.ImportFromPem(secrets.Make("portal/Portal__PracticeKey", PortalClient.NewKey));
        var file = new ClientsFileOnDisk(secrets.PathOf("register/clients.json"));
        var clients = file.Read();
        var known = PublicKeys.Read(key.ExportSubjectPublicKeyInfoPem(), PortalClient.Thumbprint(key)).Single();
        if (
            ClientsFileOnDisk.Find(clients, "meadowbank-epr") is null
            || All.All(one => HasKey(ClientsFileOnDisk.Find(clients, one.Id), known))
        )
        {
            return;
        }

        file.Change(list =>
        {
            foreach (var (id, organisation, scopes) in All)
            {
                if (ClientsFileOnDisk.Find(list, id) is { } old)
                    list.Remove(old);
                list.Add(
                    new JsonObject
                    {
                        ["id"] = id,
                        ["organisation"] = organisation,
                        ["scopes"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]),
                        ["jwks"] = new JsonObject { ["keys"] = new JsonArray(known.DeepClone()) },
                    }
                );
            }
        });
        say("register/clients.json has the systems of the practice area");
    }

    private static bool HasKey(JsonObject? client, JsonObject key) =>
        client?["jwks"]?["keys"]?.AsArray().Any(one => (string?)one!["kid"] == (string?)key["kid"]) is true;
}
