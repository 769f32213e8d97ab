using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>What the caller says of the body before it comes.</summary>
internal sealed record UploadRequest(UploadMode Mode, long Sequence, bool DryRun, UploadFormat Format, bool IsGzip)
{
    public Upload Begin(Guid id, Caller caller, DateTimeOffset now) =>
        new()
        {
            Id = id,
            CouncilCode = caller.Organisation,
            ClientId = caller.ClientId,
            Person = caller.Person,
            Sequence = Sequence,
            Mode = Mode,
            DryRun = DryRun,
            Format = Format,
            ReceivedAt = now,
            State = UploadState.Receiving,
        };

    public static UploadRequest? Read(
        string? mode,
        string? sequence,
        string? dryRun,
        HttpRequest http,
        out ProblemHttpResult? wrong
    )
    {
        UploadMode? kind = mode switch
        {
            "full" => UploadMode.Full,
            "changes" => UploadMode.Changes,
            _ => null,
        };
        bool? isDryRun = dryRun switch
        {
            null or "false" => false,
            "true" => true,
            _ => null,
        };
        var encoding = http.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        wrong = null;
        var number = 0L;
        if (kind is null)
        {
            wrong = BadQuery(
                "mode",
                "mode=full sends the whole register, of which the missing have ended; mode=changes sends only what "
                    + "changed. Say which."
            );
        }
        else if (isDryRun is null)
        {
            wrong = BadQuery("dryRun", "dryRun is true or false.");
        }
        else if (
            !(isDryRun == true && sequence is null)
            && (!long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number < 1)
        )
        {
            wrong = BadQuery(
                "sequence",
                "sequence is a whole number from 1 that grows with each of your uploads. A dry run needs none."
            );
        }
        else if (UploadFormats.Find(http.ContentType) is not { } format)
        {
            wrong = Refusal.Problem(
                StatusCodes.Status415UnsupportedMediaType,
                "media-type",
                $"Send text/csv, application/x-ndjson or application/json in UTF-8, or {UploadFormats.WorkbookType}."
            );
        }
        else if (encoding is not ("" or "identity" or "gzip" or "x-gzip"))
        {
            wrong = Refusal.Problem(
                StatusCodes.Status415UnsupportedMediaType,
                "content-encoding",
                "The body may be plain or gzip, nothing else."
            );
        }
        else
        {
            return new UploadRequest(kind.Value, number, isDryRun.Value, format, encoding is "gzip" or "x-gzip");
        }

        return null;
    }

    private static ProblemHttpResult BadQuery(string name, string words) =>
        Refusal.Problem(
            StatusCodes.Status400BadRequest,
            $"{name.ToLowerInvariant()}-invalid",
            words,
            new FieldError(name, words)
        );
}
