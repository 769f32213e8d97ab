namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>When a full register may end what it leaves out. A wrong extract must not silence a tenth of a council's children.</summary>
internal static class EndingLimit
{
    /// <summary>Per cent of the plans that were running before the upload.</summary>
    public const int Percent = 10;

    /// <returns>Why confirmation is needed; empty where it is not.</returns>
    public static IReadOnlyList<string> Reasons(Upload upload)
    {
        if (upload.Missing == 0)
            return [];
        var reasons = new List<string>();
        if (upload.Missing * 100L > (long)upload.Running * Percent)
            reasons.Add("more-than-limit");
        if (upload.Unreadable > 0)
            reasons.Add("reference-unreadable");
        return reasons;
    }
}
