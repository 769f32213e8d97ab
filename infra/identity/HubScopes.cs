namespace Safeguarding.Identity;

/// <summary>Every scope a system can be given. The services say which route asks for which.</summary>
internal static class HubScopes
{
    public static readonly IReadOnlySet<string> All = new HashSet<string>(StringComparer.Ordinal)
    {
        "encounter.submit",
        "site.write",
        "plan.write",
        "upload.renumber",
        "plan.read",
        "council.write",
        "match.read",
        "review.decide",
        "number.write",
        "number.review",
        "alert.read",
        "alert.ack",
        "subscription.write",
        "ops",
    };
}
