using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Safeguarding.Seed.Init;

/// <summary>
/// Systems of made-up trusts and councils, for the demo, the bench and whoever tries the hub out. The codes have the real shape
/// and were never issued. Identity gets <c>clients.json</c> with public keys; the callers' half is <c>credentials.json</c>.
/// Edit <c>clients.json</c> to name real clients: it is made once and never overwritten.
/// </summary>
internal static class DevelopmentClients
{
    private static readonly string[] Trust = ["encounter.submit", "site.write", "plan.read"];
    private static readonly string[] Council = ["plan.write", "plan.read", "council.write", "match.read", "review.decide", "alert.read", "alert.ack", "subscription.write"];

    // A shell cannot easily sign an assertion, so each organisation also has a client with a secret, for development only.
    private static readonly IReadOnlyList<DevelopmentClient> All =
    [
        new("meadowbank-epr", "RZ1", Trust, Signs: true),
        new("meadowbank-shell", "RZ1", Trust, Signs: false),
        new("harbourside-epr", "RZ2", Trust, Signs: true),
        new("harbourside-shell", "RZ2", Trust, Signs: false),
        new("northmoor-case-system", "E08999901", Council, Signs: true),
        new("northmoor-shell", "E08999901", Council, Signs: false),
        new("eastvale-case-system", "E08999902", Council, Signs: true),
        new("eastvale-shell", "E08999902", Council, Signs: false),
        new("southfen-case-system", "E08999903", Council, Signs: true),
        new("southfen-shell", "E08999903", Council, Signs: false),
        new("demographics-feed", "HUB", ["number.write"], Signs: true),
        new("cleared-reviewer", "HUB", ["number.review"], Signs: false),
        new("hub-operations", "HUB", ["ops", "match.read"], Signs: false),
    ];

    public static void Make(SecretFolder secrets)
    {
        // Two halves of one thing: one without the other is of no use.
        if (secrets.Read("register/clients.json") is not null && secrets.Read("credentials/credentials.json") is not null) return;

        var register = new JsonArray();
        var credentials = new JsonArray();
        foreach (var client in All)
        {
            var (entry, held) = client.Signs ? WithKey(client) : WithSecret(client);
            register.Add(entry);
            credentials.Add(held);
        }

        secrets.Write("register/clients.json", Text(register));
        secrets.Write("credentials/credentials.json", Text(credentials));
        Console.WriteLine("made register/clients.json and credentials/credentials.json");
    }

    private static (JsonObject Entry, JsonObject Held) WithKey(DevelopmentClient client)
    {
        using var key = RSA.Create(2048);
        var kid = $"{client.Id}-1";
        var open = key.ExportParameters(includePrivateParameters: false);
        var entry = Describe(client);
        entry["jwks"] = new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["alg"] = "RS512",
                ["kid"] = kid,
                ["n"] = System.Buffers.Text.Base64Url.EncodeToString(open.Modulus),
                ["e"] = System.Buffers.Text.Base64Url.EncodeToString(open.Exponent),
            }),
        };
        var held = Describe(client);
        held["kid"] = kid;
        held["privateKey"] = key.ExportPkcs8PrivateKeyPem();
        return (entry, held);
    }

    private static (JsonObject Entry, JsonObject Held) WithSecret(DevelopmentClient client)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var entry = Describe(client);
        entry["secret"] = secret;
        return (entry, (JsonObject)entry.DeepClone());
    }

    private static JsonObject Describe(DevelopmentClient client) => new()
    {
        ["id"] = client.Id,
        ["organisation"] = client.Organisation,
        ["scopes"] = new JsonArray([.. client.Scopes.Select(scope => (JsonNode)scope)]),
    };

    private static string Text(JsonArray clients) =>
        new JsonObject { ["clients"] = clients }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private sealed record DevelopmentClient(string Id, string Organisation, string[] Scopes, bool Signs);
}
