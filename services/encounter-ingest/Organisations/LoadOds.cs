using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Organisations;

/// <summary>What came of a file.</summary>
/// <param name="PublishedOn">The day that it names.</param>
/// <param name="Records">The organisations and sites in the file.</param>
/// <param name="Kept">Those of a kind that the hub has a use for.</param>
/// <param name="Added">Of those, the ones that were not there before.</param>
/// <param name="Changed">The ones that were different.</param>
/// <param name="Removed">What was there before and is not in the file.</param>
/// <param name="Kinds">Those that were kept, by kind.</param>
internal sealed record OdsLoad(
    DateOnly? PublishedOn,
    int Records,
    int Kept,
    long Added,
    long Changed,
    long Removed,
    IReadOnlyList<OdsCount> Kinds
);

internal sealed record OdsCount(DirectoryKind Kind, int Count);

/// <summary>
/// POST /ops/ods: replaces the organisations and sites of ODS by those of a file, all of them or nothing.
/// </summary>
internal static class LoadOds
{
    public const string MediaType = "application/xml";

    internal static async Task<Results<Ok<OdsLoad>, ProblemHttpResult>> Handle(
        HttpRequest request,
        Caller caller,
        EncounterIngestDb db,
        FollowOds follow,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() is not (MediaType or "text/xml"))
        {
            return Refusal.Problem(
                StatusCodes.Status415UnsupportedMediaType,
                "media-type-unsupported",
                $"Send {MediaType}: the file HSCOrgRefData_Full, unpacked."
            );
        }

        OdsContent content;
        try
        {
            content = await OdsFile.ReadAsync(request.Body, cancellationToken);
        }
        catch (BadOdsFileException bad)
        {
            // Whoever is still sending reads no answer.
            await request.Body.CopyToAsync(Stream.Null, cancellationToken);
            return Refusal.Problem(
                StatusCodes.Status422UnprocessableEntity,
                "ods-file-invalid",
                "The file was not loaded, and nothing was changed.",
                new FieldError($"line {bad.Line}", bad.Message)
            );
        }

        var id = Guid.CreateVersion7();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (added, changed, removed) = await OdsTables.ReplaceAsync(
            db.Connection,
            id,
            content.PublishedOn,
            clock.GetUtcNow(),
            content.Organisations,
            cancellationToken
        );
        db.Audit(caller, "ods.load", id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await follow.RunAsync(CancellationToken.None);
        return TypedResults.Ok(
            new OdsLoad(
                content.PublishedOn,
                content.Records,
                content.Organisations.Count,
                added,
                changed,
                removed,
                [
                    .. content
                        .Organisations.CountBy(one => one.Kind)
                        .OrderBy(one => one.Key)
                        .Select(one => new OdsCount(one.Key, one.Value)),
                ]
            )
        );
    }
}
