using System.IO.Compression;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Refusals;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Takes in an upload: judges each line as it comes, stages it, and answers 202 when the whole body is safely there.
/// The register itself changes afterwards, from Postgres, so that a restart in between loses nothing.
/// </summary>
internal static class ReceiveUpload
{
    public const long LargestBody = 256L * 1024 * 1024;
    private const long LargestText = 512L * 1024 * 1024;

    public static async Task<Results<Accepted<UploadView>, Ok<UploadView>, ProblemHttpResult>> Handle(
        string? mode,
        string? sequence,
        string? dryRun,
        Caller caller,
        HttpContext http,
        PlanRegistryDb db,
        NpgsqlDataSource source,
        Sealer sealer,
        UploadSlots slots,
        UploadSignal signal,
        RecordRefusals refusals,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (UploadRequest.Read(mode, sequence, dryRun, http.Request, out var wrong) is not { } request)
            return wrong!;

        using var slot = slots.Take(caller.Organisation);
        if (!slot.IsAcquired)
            return TooMany(http.Response);
        var now = clock.GetUtcNow();
        using var body = new CountedBody(
            request.IsGzip ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body,
            LargestText
        );
        var upload = request.Begin(Guid.CreateVersion7(), caller, now);
        await using (var transaction = await db.BeginChangeAsync(caller.Organisation, cancellationToken))
        {
            await AbandonedUploads.FailAsync(db, clock, cancellationToken);
            if (!upload.DryRun)
            {
                var last = await db.LastSequenceAsync(upload.CouncilCode, cancellationToken);
                var earlier = await db.Numbered(upload.CouncilCode)
                    .AsNoTracking()
                    .SingleOrDefaultAsync(one => one.Sequence == upload.Sequence, cancellationToken);
                if (earlier is { State: UploadState.Receiving })
                    return InProgress(http.Response);
                if (earlier is not null)
                    return await RepeatAsync(earlier, upload, last, body, sealer, transaction, cancellationToken);
                if (UploadSequence.Refuse(upload.Sequence, last) is { } refusal)
                    return refusal;
            }

            db.Add(upload);
            await db.SaveChangesAsync(cancellationToken);
            await db.Database.ExecuteSqlAsync(
                $"UPDATE plan_registry.upload SET heard_at = clock_timestamp() WHERE id = {upload.Id}",
                cancellationToken
            );
            await transaction.CommitAsync(CancellationToken.None);
        }

        var staging = new StagingArea(source, upload.Id);
        await using var heartbeat = new UploadHeartbeat(source, upload.Id);
        try
        {
            var lines = ValidatedLines.From(body, upload.Format, upload.Mode, UkTime.Day(now), cancellationToken);
            await staging.TakeAsync(lines, sealer, cancellationToken);
        }
        catch (Exception exception)
        {
            // Whatever it was, half a body must not count as one.
            var (code, words) = WhatHappened(exception);
            await staging.ThrowAwayAsync(code, words, clock.GetUtcNow());
            if (exception is UploadRefusedException refused)
            {
                // Whoever is still sending reads no answer.
                await http.Request.Body.CopyToAsync(Stream.Null, cancellationToken);
                return Refusal.Problem(refused.Status, refused.Code, refused.Message);
            }

            if (exception is InvalidDataException)
                return Refusal.Problem(StatusCodes.Status400BadRequest, code, words);
            throw;
        }

        if (!await FinishAsync(db, upload, staging, sealer.Mac(ContentPurpose, body.Hash()), caller))
        {
            var gone = StagingArea.Abandoned();
            return Refusal.Problem(gone.Status, gone.Code, gone.Message);
        }

        refusals.Accepted(upload);
        signal.Set();
        return TypedResults.Accepted($"/uploads/{upload.Id}", UploadView.Of(upload));
    }

    internal const string ContentPurpose = "upload-content";

    // The same number again: with the same content it is a repeat, whose answer got lost, and not an error.
    private static async Task<Results<Accepted<UploadView>, Ok<UploadView>, ProblemHttpResult>> RepeatAsync(
        Upload earlier,
        Upload upload,
        long last,
        CountedBody body,
        Sealer sealer,
        IDbContextTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        // The body takes its time; the council's other changes should not wait for it.
        await transaction.RollbackAsync(cancellationToken);
        try
        {
            await body.RunThroughAsync(cancellationToken);
        }
        catch (UploadRefusedException refused)
        {
            return Refusal.Problem(refused.Status, refused.Code, refused.Message);
        }
        catch (InvalidDataException)
        {
            return Refusal.Problem(StatusCodes.Status400BadRequest, GzipCode, GzipWords);
        }

        var same =
            earlier.Mode == upload.Mode
            && sealer
                .MacsForSearch(ContentPurpose, body.Hash())
                .Any(mac => mac.AsSpan().SequenceEqual(earlier.ContentHash));
        return same ? TypedResults.Ok(UploadView.Of(earlier)) : UploadSequence.NotIncreasing(last);
    }

    // False where it was given up meanwhile: what had come of it is gone.
    private static async Task<bool> FinishAsync(
        PlanRegistryDb db,
        Upload upload,
        StagingArea staging,
        byte[] contentHash,
        Caller caller
    )
    {
        upload.State = UploadState.Queued;
        upload.ContentHash = contentHash;
        upload.Lines = staging.Lines;
        db.Audit(caller, upload.DryRun ? "upload.dry-run" : "upload.received", upload.Id);
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    private static ProblemHttpResult TooMany(HttpResponse response)
    {
        response.Headers.RetryAfter = "30";
        return Refusal.Problem(
            StatusCodes.Status429TooManyRequests,
            "too-many-uploads",
            "Other uploads of yours are still coming in. Send this one when they are done."
        );
    }

    // The connection that it came by may be dead already; that shows within seconds.
    private static ProblemHttpResult InProgress(HttpResponse response)
    {
        response.Headers.RetryAfter = "10";
        return Refusal.Problem(
            StatusCodes.Status409Conflict,
            "upload-in-progress",
            "An upload under this number is still coming in. If its connection was cut, that is noticed soon and the number is free again: send it again in a few seconds."
        );
    }

    private const string GzipCode = "gzip-corrupt";
    private const string GzipWords = "The gzip body is damaged or cut off. Nothing was changed; send it again.";

    private static (string Code, string Words) WhatHappened(Exception exception) =>
        exception switch
        {
            UploadRefusedException refused => (refused.Code, refused.Message),
            InvalidDataException => (GzipCode, GzipWords),
            OperationCanceledException or IOException or BadHttpRequestException => (
                "cut-off",
                "The connection ended before the whole body had come. Nothing was changed; send it again."
            ),
            _ => ("hub-failed", "The hub failed while it took the body in. Nothing was changed; send it again."),
        };
}
