using System.Text.Json;
using Safeguarding.Contracts.Matches;

namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>What an amendment changes, in one line: codes and times only.</summary>
internal static class AlertChange
{
    public static string? Describe(Attendance before, EncounterMatched after, bool placeChanged)
    {
        List<string> changes = [];
        if (before.Status != after.Status)
            changes.Add($"encounter {Code(before.Status)} → {Code(after.Status)}");
        if (before.StartedAt != after.StartedAt.AsStored())
            changes.Add("start time corrected");
        if (before.EndedAt != after.EndedAt.AsStored() && before.Status == after.Status)
            changes.Add("end time corrected");
        if (placeChanged)
            changes.Add("place changed");
        if (!Shown(before.Plans).SetEquals(Shown(after.Plans)))
            changes.Add("plans changed");
        if (Alerts.Certainty.InWords(before.Certainty) != Alerts.Certainty.InWords(after.Certainty))
            changes.Add($"match now {Alerts.Certainty.InWords(after.Certainty)}");
        if (before.DecidedBy is not null && after.DecidedBy is { } by && by != before.DecidedBy)
            changes.Add($"now decided by {(by is MatchDecider.Reviewer ? "a reviewer" : "the rules")}");
        if (!before.Concerns.ToHashSet().SetEquals(after.Concerns))
            changes.Add("concerns changed");
        return changes is [] ? null : string.Join("; ", changes);
    }

    private static HashSet<MatchedPlan> Shown(IEnumerable<MatchedPlan> plans) =>
        [.. plans.Select(plan => plan with { WithheldBy = null })];

    private static string Code<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
