using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <param name="LastSequence">The number after which the council goes on: its next upload has a higher one. 0 where it
/// begins again with any number.</param>
internal sealed record UploadNumbering(long? LastSequence);

/// <param name="LastSequence">The next upload must have a higher number.</param>
/// <param name="HighestSequence">The next upload must not have a higher number than this; null where it may have
/// any.</param>
internal sealed record UploadNumberingView(long LastSequence, long? HighestSequence);

/// <summary>
/// A council goes on from a lower number: a wrong one, far too high, was taken, or its new system counts from the
/// beginning. The numbers above it are free again; what was uploaded under them stays as it is.
/// </summary>
internal static class RenumberUploads
{
    public static async Task<Results<Ok<UploadNumberingView>, ProblemHttpResult>> Handle(
        UploadNumbering numbering,
        Caller caller,
        HttpResponse response,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    )
    {
        if (numbering.LastSequence is not { } last || last < 0)
        {
            return Wrong(
                "last-sequence-invalid",
                "lastSequence is the number after which you go on, or 0 to begin again."
            );
        }

        await using var transaction = await db.BeginChangeAsync(caller.Organisation, cancellationToken);
        var before = await db.LastSequenceAsync(caller.Organisation, cancellationToken);
        if (last > before)
        {
            return Wrong(
                "last-sequence-not-used",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Your last number is {before}. To go on from a higher one, send 0: your next upload may then have any number."
                )
            );
        }

        if (last < before)
        {
            // An upload that is under way under a higher number would be applied after the next one, which is newer.
            var underWay = db.Numbered(caller.Organisation)
                .Where(upload => UploadWorker.UnderWay.Contains(upload.State));
            if (await underWay.AnyAsync(cancellationToken))
                return InProgress(response);
            var released = db.Numbered(caller.Organisation).Where(upload => upload.Sequence > last);
            var wrong = await released
                .Where(upload => upload.Sequence == before)
                .Select(upload => upload.Id)
                .SingleAsync(cancellationToken);
            await released.ExecuteUpdateAsync(
                set => set.SetProperty(upload => upload.NumberReleased, true),
                cancellationToken
            );
            db.Audit(
                caller,
                "upload.renumbered",
                wrong,
                string.Create(CultureInfo.InvariantCulture, $"last sequence {before} is now {last}")
            );
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(new UploadNumberingView(last, last == 0 ? null : UploadSequence.Highest(last)));
    }

    private static ProblemHttpResult InProgress(HttpResponse response)
    {
        response.Headers.RetryAfter = "10";
        return Refusal.Problem(
            StatusCodes.Status409Conflict,
            "uploads-in-progress",
            "An upload of yours is still coming in or being applied. Wait until it is done."
        );
    }

    private static ProblemHttpResult Wrong(string code, string words) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, words, new FieldError("lastSequence", words));
}
