using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Domain.Uploads;

/// <summary>
/// What one line of an upload says, judged by itself: not yet against the register or the other
/// lines.
/// </summary>
internal abstract record UploadLine
{
    private UploadLine() { }

    /// <summary>
    /// The line has fewer fields than the header: spreadsheets leave out empty ones at the end, and a line
    /// break in a field does so too.
    /// </summary>
    public bool IsShort { get; init; }

    /// <param name="Reference">Which plan.</param>
    /// <param name="Facts">What is said of it.</param>
    /// <param name="Warnings">What could not be used of the line and costs only itself.</param>
    public sealed record Registers(string Reference, PlanFacts Facts, IReadOnlyList<ValidationError> Warnings)
        : UploadLine;

    public sealed record Ends(string Reference, DateOnly EndDate) : UploadLine;

    public sealed record Deletes(string Reference) : UploadLine;

    /// <param name="Reference">Which plan the line was about, so that its refusal ends nothing. Null where it cannot be
    /// told.</param>
    /// <param name="IsSure">False where the reference is only a guess, because the line's columns may have
    /// shifted.</param>
    /// <param name="Errors">Why; never empty.</param>
    public sealed record Refused(string? Reference, bool IsSure, IReadOnlyList<ValidationError> Errors) : UploadLine
    {
        /// <summary>
        /// It reads as programs close a list (<c>END OF REPORT</c>), which it is where no plan
        /// follows.
        /// </summary>
        public bool MayClose { get; init; }

        /// <summary>What it said, by column; null where its columns cannot be told apart.</summary>
        public SentLine? Sent { get; init; }
    }

    /// <summary>What a program wrote below the last plan.</summary>
    public sealed record Closing : UploadLine
    {
        public static readonly ValidationError Why = new(
            null,
            "closing-line",
            "This closes the list and is no plan. It was skipped."
        );
    }
}
