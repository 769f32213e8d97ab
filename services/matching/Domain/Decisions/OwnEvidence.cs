using System.Text.Json.Nodes;
using Safeguarding.Matching.Domain.Plans;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>Evidence as one council may see it.</summary>
internal static class OwnEvidence
{
    /// <summary>Whether a trait says where somebody lives, or how to reach them there.</summary>
    public static bool IsOfHome(string trait) => trait is "postcode" or "phone" or "address" or "email";

    /// <summary>
    /// The evidence without rivals that belong to others: even that there is one is theirs. Without what traits of the
    /// home say where the hub received the plan's facts after the encounter, too: a council that sends one postcode
    /// after another would learn the patient's.
    /// </summary>
    /// <param name="evidence">As it is stored.</param>
    /// <param name="own">The council's plans that it speaks of.</param>
    /// <param name="receivedAt">When the hub received the encounter; null where it is no longer kept, and then no
    /// home is shown.</param>
    public static JsonArray Select(
        string evidence,
        IReadOnlyDictionary<Guid, StoredPlan> own,
        DateTimeOffset? receivedAt
    )
    {
        var persons = JsonNode.Parse(evidence)!.AsArray();
        foreach (var person in persons)
        {
            var said = person!["outcome"]!["evidence"]!;
            RemoveWhere(said["rivals"]!, rival => !own.ContainsKey(rival["planId"]!.GetValue<Guid>()));
            var plans = person["plans"]!.AsArray().Select(plan => plan!["planId"]!.GetValue<Guid>());
            if (!ShowsHome(plans, own, receivedAt))
                RemoveWhere(said["traits"]!, trait => IsOfHome((string)trait["trait"]!));
        }

        return persons;
    }

    /// <summary>Whether what traits of the home say may be shown of a person with these plans.</summary>
    public static bool ShowsHome(
        IEnumerable<Guid> plans,
        IReadOnlyDictionary<Guid, StoredPlan> own,
        DateTimeOffset? receivedAt
    ) => plans.All(id => own.TryGetValue(id, out var plan) && plan.KnownSince <= receivedAt);

    /// <summary>Every plan that evidence speaks of.</summary>
    public static IEnumerable<Guid> Plans(string evidence) =>
        JsonNode
            .Parse(evidence)!
            .AsArray()
            .SelectMany(person =>
                person!["outcome"]!["evidence"]!["rivals"]!.AsArray().Concat(person["plans"]!.AsArray())
            )
            .Select(plan => plan!["planId"]!.GetValue<Guid>());

    private static void RemoveWhere(JsonNode list, Predicate<JsonNode> gone)
    {
        var array = list.AsArray();
        for (var i = array.Count - 1; i >= 0; i--)
        {
            if (gone(array[i]!))
                array.RemoveAt(i);
        }
    }
}
