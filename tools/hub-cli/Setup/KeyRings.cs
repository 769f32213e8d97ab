using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.Cli.Setup;

/// <summary>
/// The key rings: each service has one of its own for what lies in its tables, and each two services between which
/// something sealed crosses the broker share one. A hub that had one key ring for all goes on reading what is sealed
/// with it, and finds by its look-up keys.
/// </summary>
internal static class KeyRings
{
    /// <summary>What identity seals with.</summary>
    public const string OfIdentity = "identity/key-ring.json";

    /// <summary>Where those are that two services share.</summary>
    public const string SharedFolder = "shared-keys";

    // Until 0.2 the four services had this one.
    private const string OfAll = "keys/ring.json";

    /// <summary>What a service seals with in its tables.</summary>
    public static string PathOf(string service) =>
        service == "identity" ? OfIdentity : $"{service}-keys/{SharedKeyRings.FileName}";

    /// <summary>A service's own and those that it shares.</summary>
    public static IEnumerable<string> OpenedBy(string service) =>
        SharedKeyRings.PartnersOf(service).Select(other => Shared(service, other)).Prepend(PathOf(service));

    public static void Make(SecretFolder secrets)
    {
        var ofAll = secrets.Read(OfAll) is { } text ? JsonNode.Parse(text)!.AsObject() : null;
        var made = new List<JsonObject>();
        foreach (var member in Member.All.Where(member => member.KeepsAudit))
            Add(PathOf(member.Name), () => Own(member, member.UsesBroker ? ofAll : null));
        foreach (var (one, other) in SharedKeyRings.All)
            Add(Shared(one, other), () => new JsonObject { ["seal"] = NewKeys("b") });
        if (ofAll is null || made is [])
            return;
        // A replica of the release before, which has this one alone, reads what those of this release seal meanwhile;
        // so it does when that release is started again.
        foreach (var (id, key) in made.SelectMany(ring => ring["seal"]!["keys"]!.AsObject()))
            ofAll["seal"]!["keys"]![id] = key!.DeepClone();
        secrets.Write(OfAll, ofAll.ToJsonString());

        void Add(string file, Func<JsonObject> ring) => secrets.Make(file, () =>
            {
                made.Add(ring());
                return made[^1].ToJsonString();
            });
    }

    /// <summary>A key ring of one service.</summary>
    internal static string New() => Own(ofAll: null).ToJsonString();

    private static string Shared(string one, string other) =>
        $"{SharedFolder}/{SharedKeyRings.NameOf(one, other)}/{SharedKeyRings.FileName}";

    private static JsonObject Own(Member member, JsonObject? ofAll)
    {
        var ring = Own(ofAll);
        // It finds nobody by a keyed digest, so it keeps none that others' were made with.
        if (member.Name == "notification")
            ring["lookup"] = NewKeys("l");
        return ring;
    }

    // Digests are compared across years: they stay as they are until an operator makes another key current.
    private static JsonObject Own(JsonObject? ofAll)
    {
        var seal = NewKeys("s");
        foreach (var (id, key) in ofAll?["seal"]!["keys"]!.AsObject() ?? [])
            seal["keys"]![id] = key!.DeepClone();
        return new() { ["seal"] = seal, ["lookup"] = ofAll?["lookup"]!.DeepClone() ?? NewKeys("l") };
    }

    // What is sealed names its key. An id of its own tells it from every other key, of this hub and of others.
    private static JsonObject NewKeys(string kind)
    {
        var id = $"{kind}1-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        return new()
        {
            ["current"] = id,
            ["keys"] = new JsonObject { [id] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) },
        };
    }
}
