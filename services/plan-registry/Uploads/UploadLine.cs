using Safeguarding.PlanRegistry.Plans;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>What one line of an upload says, judged by itself: not yet against the register or the other lines.</summary>
internal abstract record UploadLine
{
    private UploadLine() { }

    public sealed record Registers(string Reference, PlanFacts Facts) : UploadLine;

    public sealed record Ends(string Reference, DateOnly EndDate) : UploadLine;

    public sealed record Deletes(string Reference) : UploadLine;

    /// <param name="Reference">Which plan the line was about, so that its refusal ends nothing. Null where it cannot be told.</param>
    /// <param name="IsSure">False where the reference is only a guess, because the line's columns may have shifted.</param>
    /// <param name="Faults">Why; never empty.</param>
    public sealed record Refused(string? Reference, bool IsSure, IReadOnlyList<Fault> Faults) : UploadLine;
}
