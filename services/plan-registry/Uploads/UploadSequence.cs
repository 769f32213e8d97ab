using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// The numbers of a council's uploads. Each is above the last, and not far above it: a number with a digit too many
/// would leave the council no number for its next upload.
/// </summary>
internal static class UploadSequence
{
    /// <summary>Dates are written as numbers too: 20261231 and 20270101 are 8,870 apart.</summary>
    private const long LeastJump = 10_000;

    /// <summary>The hundredth part of a time of day, written 202611281430 or as Unix seconds, is months.</summary>
    private const long Part = 100;

    /// <summary>The highest number that the next upload may have. The first may have any.</summary>
    public static long Highest(long last) =>
        last == 0 ? long.MaxValue : last + Math.Min(Math.Max(LeastJump, last / Part), long.MaxValue - last);

    /// <summary>
    /// The uploads of a council that have a number. A dry run takes none, a failed upload gives its own
    /// back.
    /// </summary>
    public static IQueryable<Upload> Numbered(this PlanRegistryDb db, string councilCode) =>
        db.Uploads.Where(upload =>
            upload.CouncilCode == councilCode
            && !upload.DryRun
            && !upload.NumberReleased
            && upload.State != UploadState.Failed
        );

    /// <returns>0 where there is none.</returns>
    public static async Task<long> LastSequenceAsync(
        this PlanRegistryDb db,
        string councilCode,
        CancellationToken cancellationToken
    ) => await db.Numbered(councilCode).MaxAsync(upload => (long?)upload.Sequence, cancellationToken) ?? 0;

    /// <returns>Null where an upload may have this number after that one.</returns>
    public static ProblemHttpResult? Refuse(long sequence, long last) =>
        sequence <= last ? NotIncreasing(last)
        : sequence > Highest(last) ? TooHigh(last)
        : null;

    public static ProblemHttpResult NotIncreasing(long last) =>
        Problem(
            last,
            "sequence-not-increasing",
            $"The sequence number must be above {last}, your last one. The same number is only good for repeating the very same upload."
        );

    private static ProblemHttpResult TooHigh(long last) =>
        Problem(
            last,
            "sequence-too-high",
            $"The sequence number is too far above {last}, your last one: it may be {Highest(last)} at most. Where your numbers really go on from another one, say so first with PUT /uploads/numbering."
        );

    private static ProblemHttpResult Problem(long last, string code, FormattableString words)
    {
        var problem = Refusal.Problem(
            StatusCodes.Status409Conflict,
            code,
            words.ToString(CultureInfo.InvariantCulture)
        );
        problem.ProblemDetails.Extensions["lastSequence"] = last;
        problem.ProblemDetails.Extensions["highestSequence"] = Highest(last);
        return problem;
    }
}
