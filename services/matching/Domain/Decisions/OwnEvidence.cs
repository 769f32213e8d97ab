using System.Text.Json.Nodes;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>Evidence as one council may see it.</summary>
internal static class OwnEvidence
{
    /// <summary>The evidence without rivals that belong to others: even that there is one is theirs.</summary>
    public static JsonArray Of(string evidence, IReadOnlySet<Guid> ownPlans)
    {
        var persons = JsonNode.Parse(evidence)!.AsArray();
        foreach (var person in persons)
        {
            var rivals = person!["outcome"]!["evidence"]!["rivals"]!.AsArray();
            for (var i = rivals.Count - 1; i >= 0; i--)
            {
                if (!ownPlans.Contains(rivals[i]!["planId"]!.GetValue<Guid>()))
                    rivals.RemoveAt(i);
            }
        }

        return persons;
    }

    /// <summary>Every plan that evidence speaks of as a rival.</summary>
    public static IEnumerable<Guid> Rivals(string evidence) =>
        JsonNode
            .Parse(evidence)!
            .AsArray()
            .SelectMany(person => person!["outcome"]!["evidence"]!["rivals"]!.AsArray())
            .Select(rival => rival!["planId"]!.GetValue<Guid>());
}
