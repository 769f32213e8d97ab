using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Safeguarding.Cli.Setup;

/// <summary>
/// Systems of made-up trusts and councils, for the demo, the bench and whoever tries the hub out. The codes have the
/// real shape and were never issued. Identity gets <c>clients.json</c> with public keys; the callers' half is
/// <c>credentials.json</c>. Edit <c>clients.json</c> to name real clients: it is made once and never overwritten.
/// </summary>
internal static class DevelopmentClients
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly string[] Trust = ["encounter.submit", "site.write"];
    private static readonly string[] Police = ["contact.submit"];
    private static readonly string[] Operators = ["ops", "match.read", "session.end"];
    private static readonly string[] Council =
    [
        "plan.write",
        "upload.renumber",
        "plan.read",
        "council.write",
        "match.read",
        "review.decide",
        "alert.read",
        "alert.ack",
        "subscription.write",
        "rules.write",
    ];

    // A shell cannot easily sign an assertion, so each organisation also has a client with a secret, for development
    // only.
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
        new("westhollow-police", "43", Police, Signs: true),
        new("westhollow-shell", "43", Police, Signs: false),
        new("demographics-feed", "HUB", ["number.write"], Signs: true),
        new("demographics-shell", "HUB", ["number.write"], Signs: false),
        new("cleared-reviewer", "HUB", ["number.review"], Signs: false),
        new("operations-shell", "HUB", Operators, Signs: false),
        new("hub-operations", "HUB", Operators, Signs: true),
    ];

    public static void Make(SecretFolder secrets, Action<string> say)
    {
        // Two halves of one thing: one without the other is of no use.
        if (
            secrets.Read("register/clients.json") is { } known
            && secrets.Read("credentials/credentials.json") is { } ours
        )
        {
            LetOperationsSign(secrets, known, ours, say);
            TakeBackWhatTrustsCannotHave(secrets, say);
            LetCouncilsKeepTheirRules(secrets, say);
            LetPoliceIn(secrets, say);
            return;
        }

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
        say("made register/clients.json and credentials/credentials.json");
    }

    /// <summary>
    /// Until 0.1 the hub's own client had a secret, and where secrets are off, status and prove could not
    /// ask.
    /// </summary>
    private static void LetOperationsSign(SecretFolder secrets, string known, string ours, Action<string> say)
    {
        JsonNode register = JsonNode.Parse(known)!,
            credentials = JsonNode.Parse(ours)!;
        static JsonObject? Find(JsonNode file) =>
            file["clients"]!
                .AsArray()
                .OfType<JsonObject>()
                .FirstOrDefault(client => (string?)client["id"] == Operations.ClientId);
        if (Find(register) is not { } entry || entry["secret"] is null || Find(credentials) is not { } held)
            return;
        var (signing, holding) = WithKey(
            new(
                Operations.ClientId,
                (string)entry["organisation"]!,
                [.. entry["scopes"]!.AsArray().Select(scope => (string)scope!)],
                Signs: true
            )
        );
        if (entry["disabled"] is { } disabled)
            signing["disabled"] = disabled.DeepClone();
        entry.ReplaceWith(signing);
        held.ReplaceWith(holding);
        secrets.Write("credentials/credentials.json", credentials.ToJsonString(Indented));
        secrets.Write("register/clients.json", register.ToJsonString(Indented));
        say($"{Operations.ClientId} signs from now on and has no secret any more");
    }

    /// <summary>
    /// Until 0.1 the made-up trusts had <c>plan.read</c>, which identity no longer takes for a
    /// trust.
    /// </summary>
    private static void TakeBackWhatTrustsCannotHave(SecretFolder secrets, Action<string> say)
    {
        foreach (var file in (string[])["register/clients.json", "credentials/credentials.json"])
        {
            var clients = JsonNode.Parse(secrets.Read(file)!)!;
            var plans = (
                from client in clients["clients"]!.AsArray().OfType<JsonObject>()
                where All.Any(one => one.Scopes == Trust && one.Id == (string?)client["id"])
                from scope in client["scopes"]!.AsArray()
                where (string?)scope == "plan.read"
                select scope
            ).ToList();
            if (plans is [])
                continue;
            foreach (var scope in plans)
                scope.Parent!.AsArray().Remove(scope);
            secrets.Write(file, clients.ToJsonString(Indented));
            say($"{file}: the made-up trusts no longer have plan.read");
        }
    }

    /// <summary>Until 0.1 <c>subscription.write</c> was for rules and escalations too.</summary>
    private static void LetCouncilsKeepTheirRules(SecretFolder secrets, Action<string> say)
    {
        foreach (var file in (string[])["register/clients.json", "credentials/credentials.json"])
        {
            var clients = JsonNode.Parse(secrets.Read(file)!)!;
            var scopes = (
                from client in clients["clients"]!.AsArray().OfType<JsonObject>()
                where All.Any(one => one.Scopes == Council && one.Id == (string?)client["id"])
                let held = client["scopes"]!.AsArray()
                where held.Any(scope => (string?)scope == "subscription.write")
                where held.All(scope => (string?)scope != "rules.write")
                select held
            ).ToList();
            if (scopes is [])
                continue;
            foreach (var held in scopes)
                held.Add("rules.write");
            secrets.Write(file, clients.ToJsonString(Indented));
            say($"{file}: the made-up councils have rules.write");
        }
    }

    /// <summary>Until 0.1 there was no made-up police force; beside clients of a real hub none is put.</summary>
    private static void LetPoliceIn(SecretFolder secrets, Action<string> say)
    {
        JsonNode register = JsonNode.Parse(secrets.Read("register/clients.json")!)!,
            credentials = JsonNode.Parse(secrets.Read("credentials/credentials.json")!)!;
        var known = register["clients"]!.AsArray().Select(client => (string?)client!["id"]).ToHashSet();
        var missing = All.Where(client => client.Scopes == Police && !known.Contains(client.Id)).ToList();
        if (missing is [] || !known.Contains("meadowbank-epr"))
            return;
        foreach (var client in missing)
        {
            var (entry, held) = client.Signs ? WithKey(client) : WithSecret(client);
            register["clients"]!.AsArray().Add(entry);
            credentials["clients"]!.AsArray().Add(held);
        }

        secrets.Write("credentials/credentials.json", credentials.ToJsonString(Indented));
        secrets.Write("register/clients.json", register.ToJsonString(Indented));
        say("register/clients.json has a made-up police force");
    }

    private static (JsonObject Entry, JsonObject Held) WithKey(DevelopmentClient client)
    {
        using var key = RSA.Create(2048);
        var kid = $"{client.Id}-1";
        var open = key.ExportParameters(includePrivateParameters: false);
        var entry = Describe(client);
        entry["jwks"] = new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["alg"] = "RS512",
                    ["kid"] = kid,
                    ["n"] = System.Buffers.Text.Base64Url.EncodeToString(open.Modulus),
                    ["e"] = System.Buffers.Text.Base64Url.EncodeToString(open.Exponent),
                }
            ),
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

    private static JsonObject Describe(DevelopmentClient client) =>
        new()
        {
            ["id"] = client.Id,
            ["organisation"] = client.Organisation,
            ["scopes"] = new JsonArray([.. client.Scopes.Select(scope => (JsonNode)scope)]),
        };

    private static string Text(JsonArray clients) => new JsonObject { ["clients"] = clients }.ToJsonString(Indented);

    private sealed record DevelopmentClient(string Id, string Organisation, string[] Scopes, bool Signs);
}
