namespace Safeguarding.PlanRegistry.Domain.Uploads;

/// <summary>
/// What an upload may do to the plans that are running without its council's word: by what it does, and not by how it
/// does it. A wrong extract, a column that has slipped by a row or an end date on every line must not silence a tenth
/// of a council's children.
/// </summary>
internal static class EffectLimit
{
    /// <summary>Per cent of the plans that were running before the upload.</summary>
    public const int Percent = 10;

    /// <summary>So many never wait: else a small council would wait each week.</summary>
    public const int Floor = 2;

    /// <summary>
    /// The lines give so many plans to somebody else that no name or number in the file can be relied
    /// on.
    /// </summary>
    public static bool HoldsPersons(Upload upload) => IsOver(upload.IdentityChanges, upload.Running);

    /// <summary>The lines that end, delete or give a plan to somebody else wait.</summary>
    public static bool HoldsEffects(Upload upload) => IsOver(OfLines(upload), upload.Running);

    /// <returns>Why confirmation is needed; empty where it is not.</returns>
    public static IReadOnlyList<string> Reasons(Upload upload)
    {
        var reasons = new List<string>();
        if ((upload.Missing > 0 || upload.Held > 0) && IsOver(OfLines(upload) + upload.Missing, upload.Running))
            reasons.Add("more-than-limit");
        if (upload.Held > 0 && HoldsPersons(upload))
            reasons.Add("identity-changes");
        if (upload.Missing > 0 && upload.Unreadable > 0)
            reasons.Add("reference-unreadable");
        return reasons;
    }

    private static int OfLines(Upload upload) => upload.IdentityChanges + upload.LineEndings + upload.LineDeletions;

    private static bool IsOver(int plans, int running) => plans > Floor && plans * 100L > (long)running * Percent;
}
