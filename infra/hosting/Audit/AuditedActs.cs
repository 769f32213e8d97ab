namespace Safeguarding.Hosting.Audit;

/// <summary>
/// Each act that an audit record can name, with what it is done to, what for, and on which lawful basis. One table, to
/// be read by a data protection officer.
/// </summary>
/// <remarks>
/// The bases, by code:
/// <list type="bullet">
/// <item><c>safeguarding</c>: public task (UK GDPR 6(1)(e)) and substantial public interest (9(2)(g); Data Protection
/// Act 2018, Schedule 1, paragraph 18, safeguarding of children); Children Act 1989 section 47, Children Act 2004
/// sections 10 and 11.</item>
/// <item><c>security</c>: public task (UK GDPR 6(1)(e)) and the duty to keep processing secure and to show it (5(1)(f),
/// 5(2), 32).</item>
/// </list>
/// </remarks>
public static class AuditedActs
{
    private const string Safeguarding = "safeguarding";
    private const string Security = "security";
    private const string Operation = "operation";

    // By the act, or by the longest part of it before a dot that has a row.
    private static readonly Dictionary<string, Entry> Table = new(StringComparer.Ordinal)
    {
        ["encounter"] = new("encounter", Safeguarding, Safeguarding),
        ["contact"] = new("contact", Safeguarding, Safeguarding),
        ["site"] = new("site", Safeguarding, Safeguarding),
        ["plan"] = new("plan", Safeguarding, Safeguarding),
        ["lookup"] = new("plan", Safeguarding, Safeguarding),
        ["lookup.history"] = new("lookup", Safeguarding, Safeguarding),
        ["lookup.restricted"] = new("plan", Safeguarding, Safeguarding),
        ["lookup.place"] = new("lookup", Safeguarding, Safeguarding),
        ["break-glass"] = new("break-glass-use", Safeguarding, Safeguarding),
        ["upload"] = new("upload", Safeguarding, Safeguarding),
        ["council"] = new("council", Safeguarding, Safeguarding),
        ["match"] = new("encounter", Safeguarding, Safeguarding),
        ["review"] = new("review", Safeguarding, Safeguarding),
        ["task"] = new("plan", Safeguarding, Safeguarding),
        ["number-change"] = new("number-change", Safeguarding, Safeguarding),
        ["alert"] = new("alert", Safeguarding, Safeguarding),
        ["alert.history"] = new("alert", Safeguarding, Safeguarding),
        ["registration"] = new("registration", Safeguarding, Safeguarding),
        ["subscription"] = new("subscription", Safeguarding, Safeguarding),
        ["subscription.delivery"] = new("delivery", Safeguarding, Safeguarding),
        ["escalation"] = new("escalation", Safeguarding, Safeguarding),
        ["rules"] = new("rules", Safeguarding, Safeguarding),
        ["refusals"] = new("refusal", Safeguarding, Safeguarding),
        ["audit"] = new("audit-record", Security, Security),
        ["token"] = new("token", Security, Security),
        ["client"] = new("client", Security, Security),
        ["provider"] = new("provider", Security, Security),
        ["configuration"] = new("configuration", Security, Security),
        ["session"] = new("session", Security, Security),
        ["deliveries"] = new("replay", Operation, Security),
        ["deliveries.replay"] = new("replay", Operation, Security),
        ["endpoint"] = new("subscription", Operation, Security),
        ["parked"] = new("parked-message", Operation, Security),
        ["accounts"] = new("account", Operation, Security),
        ["ods"] = new("ods-file", Operation, Security),
        ["organisation"] = new("organisation", Operation, Security),
        ["sources"] = new("source", Operation, Security),
        ["shadow"] = new("shadow-difference", Operation, Security),
        ["ops"] = new("council", Operation, Security),
    };

    /// <summary>What is known of an act; null for one that has no row, which a test refuses.</summary>
    /// <param name="act">Such as <c>plan.read</c>.</param>
    public static Entry? Get(string act)
    {
        for (var length = act.Length; length > 0; length = act.LastIndexOf('.', length - 1))
        {
            if (Table.TryGetValue(act[..length], out var entry))
                return entry;
        }

        return null;
    }

    /// <summary>What is known of an act.</summary>
    /// <param name="SubjectType">The kind of thing it is done to.</param>
    /// <param name="Purpose">What for: <c>safeguarding</c>, <c>operation</c> or <c>security</c>.</param>
    /// <param name="LawfulBasis">Code of the lawful basis.</param>
    public sealed record Entry(string SubjectType, string Purpose, string LawfulBasis);
}
