namespace Safeguarding.Portal.Words;

/// <summary>What the acts of the audit are called.</summary>
internal static class AuditWords
{
    private static readonly Dictionary<string, string> Acts = new(StringComparer.Ordinal)
    {
        ["alert.read"] = "Opened an alert",
        ["alert.list"] = "Saw an alert in a list",
        ["alert.count"] = "Counted open alerts",
        ["alert.claim"] = "Claimed alerts",
        ["alert.acknowledge"] = "Acknowledged an alert",
        ["alert.refuse"] = "Refused an alert",
        ["alert.note"] = "Added a note to an alert",
        ["alert.hand-over"] = "Handed an alert over",
        ["alert.history.read"] = "Read the history of an alert",
        ["alert.place.read"] = "Read where a restricted child was",
        ["alert.deliver"] = "Was sent an alert",
        ["alert.figures.read"] = "Read figures of alerts",
        ["audit.read"] = "Searched the audit",
        ["audit.roots.read"] = "Read the proof of the audit",
        ["break-glass.use"] = "Used break-glass",
        ["break-glass.second"] = "Confirmed a colleague’s break-glass",
        ["break-glass.judge"] = "Judged a use of break-glass",
        ["break-glass.list"] = "Listed uses of break-glass",
        ["contact.submit"] = "Sent a police contact",
        ["council.read"] = "Read a council’s telephone numbers",
        ["council.change"] = "Changed a council’s telephone numbers",
        ["encounter.submit"] = "Sent an encounter",
        ["encounter.validate"] = "Checked an encounter",
        ["lookup.read"] = "Looked a child up",
        ["lookup.place.read"] = "Read where a restricted child was looked up",
        ["lookup.history.list"] = "Read who looked a child up",
        ["match.read"] = "Read why an encounter matched",
        ["plan.read"] = "Opened a plan",
        ["plan.list"] = "Listed plans",
        ["plan.search"] = "Searched plans by NHS number",
        ["plan.put"] = "Changed a plan",
        ["plan.end"] = "Ended a plan",
        ["plan.delete"] = "Deleted a plan",
        ["registration.list"] = "Read which other councils have a child",
        ["registration.challenge"] = "Challenged another council’s registration",
        ["review.read"] = "Opened a possible match",
        ["review.claim"] = "Started on a possible match",
        ["review.resolve"] = "Decided a possible match",
        ["review.undo"] = "Took back a decision",
        ["review.release"] = "Gave a possible match back",
        ["review.second-opinion"] = "Asked for a second opinion",
        ["session.begin"] = "Signed in",
        ["session.end"] = "Signed out",
        ["subscription.make"] = "Added an endpoint",
        ["subscription.change"] = "Changed an endpoint",
        ["subscription.delete"] = "Removed an endpoint",
        ["subscription.test"] = "Sent a test event",
        ["subscription.rotate-secret"] = "Replaced a signing secret",
        ["token.issue"] = "Got an access token",
        ["upload.receive"] = "Uploaded a file",
        ["upload.confirm"] = "Confirmed an upload",
        ["upload.discard"] = "Discarded an upload",
    };

    /// <summary>The acts that people look for, with their words.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Known => Acts.OrderBy(act => act.Value);

    /// <summary>What was done, in words; an act without words of its own by its code.</summary>
    public static string Act(string act) => Acts.GetValueOrDefault(act, act);

    /// <summary>How it ended.</summary>
    public static string Outcome(string outcome) =>
        outcome.StartsWith("success", StringComparison.Ordinal)
            ? $"Done{outcome["success".Length..]}"
            : ReviewWords.Capital(outcome);
}
