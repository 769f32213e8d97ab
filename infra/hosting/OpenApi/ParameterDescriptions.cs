namespace Safeguarding.Hosting.OpenApi;

/// <summary>
/// What parameters of paths and queries mean, by operation where it differs: they are read by name, and mean the same
/// wherever they can.
/// </summary>
internal static class ParameterDescriptions
{
    private static readonly Dictionary<string, string> Usual = new(StringComparer.Ordinal)
    {
        ["after"] = "Where the page before ended: its after or next.",
        ["before"] = "Where the page before ended: its before. Older ones come.",
        ["bucketSeconds"] = "How long a span each count is of, in seconds.",
        ["changeId"] = "The NHS number change, as the list has it.",
        ["changedAfter"] = "The changedAfter of the answer before: what changed since, the earliest change first.",
        ["code"] = "A code that refusals carry, such as status-missing: only those.",
        ["content"] = "id-only or full-resource, no more than the subscription has.",
        ["council"] = "GSS code: only that council's.",
        ["delivery"] = "The delivery, as the list has it.",
        ["dryRun"] = "true: check the file and change nothing until it is confirmed.",
        ["encounterId"] = "The hub's id of the encounter, as an alert or an acceptance has it.",
        ["eventsSinceNumber"] = "The first event wanted, by its number in the subscription.",
        ["eventsUntilNumber"] = "The last event wanted.",
        ["from"] = "Only what came at or after this time.",
        ["grade"] = "urgent, high or standard: only those.",
        ["id"] = "The id, as a list or an earlier answer has it.",
        ["kind"] = "child-protection, looked-after or unborn: only those.",
        ["limit"] = "At most so many.",
        ["mode"] = "full: the whole register, and what it leaves out ends. changes: only what changed.",
        ["number"] = "Of the root, counted from 1; the newest where not given.",
        ["of"] = "What is counted, such as encounters.",
        ["open"] = "true: only what has not been accepted since.",
        ["organisation"] = "ODS or GSS code of the organisation.",
        ["outcome"] = "What came of a line, such as registered or refused: only those.",
        ["overdue"] = "true: only what nobody has settled in time.",
        ["plan"] = "The council's own reference of a plan: only what is of it.",
        ["planKind"] = "childProtection, lookedAfter or unborn: only alerts of such a plan.",
        ["reference"] = "The council's own reference of the plan.",
        ["replayed"] = "true: those that were sent again, too.",
        ["restricted"] = "true: only plans that the council has restricted; false: only the others.",
        ["reviewId"] = "The review, as the list has it.",
        ["sequence"] = "The file's number, higher than that of every file before it.",
        ["site"] = "ODS code of the site.",
        ["state"] = "Only what is in this state.",
        ["status"] = "running or ended: only those.",
        ["to"] = "Only what came before this time.",
        ["type"] = "The type of event, such as uk.safeguarding-hub.alert.raised.v1.",
        ["url"] = "The canonical URL of the code system.",
        ["version"] = "Which version of the rules; those that hold now where not given.",
        ["weeks"] = "Of how many weeks, this one included.",
    };

    private static readonly Dictionary<string, string> ByOperation = new(StringComparer.Ordinal)
    {
        ["getCouncil.code"] = "GSS code of the council.",
        ["putCouncil.code"] = "GSS code of the council.",
        ["getEscalation.code"] = "GSS code of the council.",
        ["putEscalation.code"] = "GSS code of the council.",
        ["listOrganisations.code"] = "GSS or ODS code of an organisation or a site; may be given more than once.",
        ["listSessions.organisation"] = "ODS or GSS code: only sessions of its people.",
        ["listAlerts.state"] = "raised, delivered, acknowledged, refused or withdrawn: only those.",
        ["listBreakGlass.state"] = "waiting or judged: only those.",
        ["listDeliveries.state"] = "waiting, delivered, parked or cancelled: only those.",
        ["listReviews.state"] = "open or resolved; open where not given.",
        ["listSubscriptionDeliveries.state"] = "waiting, delivered, parked or cancelled: only those.",
        ["reviewNumberChangesList.state"] = "held, followed or refused; held where not given.",
    };

    // Words that a route takes, where the usual example of the name is of another.
    private static readonly Dictionary<string, string> ExamplesByOperation = new(StringComparer.Ordinal)
    {
        ["listAlerts.state"] = "acknowledged",
        ["listBreakGlass.state"] = "waiting",
        ["listDeliveries.state"] = "parked",
        ["listPlans.status"] = "running",
        ["listReviews.state"] = "resolved",
        ["listSubscriptionDeliveries.state"] = "parked",
        ["listUploads.state"] = "completed",
        ["reviewNumberChangesList.state"] = "followed",
    };

    /// <summary>An example that the operation takes; null where the usual one of the name will do.</summary>
    /// <param name="operation">Its id.</param>
    /// <param name="parameter">As in the path or query.</param>
    public static string? Example(string operation, string parameter) =>
        ExamplesByOperation.GetValueOrDefault($"{operation}.{parameter}");

    /// <summary>The description; null where there is none.</summary>
    /// <param name="operation">Its id.</param>
    /// <param name="parameter">As in the path or query.</param>
    public static string? Find(string operation, string parameter) =>
        ByOperation.GetValueOrDefault($"{operation}.{parameter}") ?? Usual.GetValueOrDefault(parameter);
}
