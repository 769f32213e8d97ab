using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// GET /fhir/Encounter/{id}: for the sender only. Another organisation's id and an unknown one get the same
/// answer.
/// </summary>
internal sealed class GetEncounter(EncounterIngestDb db, Sealer sealer)
{
    internal static async Task<FhirAnswer> Handle(
        string id,
        HttpRequest request,
        Caller caller,
        GetEncounter read,
        CancellationToken cancellationToken
    )
    {
        if (Negotiation.OfAnswer(request) is null)
            return FhirAnswer.Refused(IssueKind.NotAcceptable);
        if (
            !Guid.TryParseExact(id, "D", out var known)
            || await read.FindAsync(caller, known, cancellationToken) is not { } stored
        )
        {
            return FhirAnswer.Refused(IssueKind.NotFound);
        }

        if (await read.ContentAsync(caller, stored, cancellationToken) is not { } encounter)
            return FhirAnswer.Refused(IssueKind.Gone);
        var ifNoneMatch = request.Headers.IfNoneMatch.ToString();
        if (ifNoneMatch.Trim() == "*" || EntityTags.Versions(ifNoneMatch)?.Contains(stored.Version) == true)
        {
            return new FhirAnswer(StatusCodes.Status304NotModified, null)
            {
                ETag = EncounterAnswer.ETag(stored.Version),
            };
        }

        return new FhirAnswer(StatusCodes.Status200OK, encounter)
        {
            ETag = EncounterAnswer.ETag(stored.Version),
            LastModified = stored.ReceivedAt,
        };
    }

    /// <summary>The newest version as a resource; null where retention has ended it.</summary>
    public async Task<Resource?> AsResourceAsync(Caller caller, Guid id, CancellationToken cancellationToken) =>
        await FindAsync(caller, id, cancellationToken) is { } stored
            ? await ContentAsync(caller, stored, cancellationToken)
            : null;

    private Task<EncounterRow?> FindAsync(Caller caller, Guid id, CancellationToken cancellationToken) =>
        db
            .Encounters.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id && row.Organisation == caller.Organisation, cancellationToken);

    private async Task<Encounter?> ContentAsync(Caller caller, EncounterRow stored, CancellationToken cancellationToken)
    {
        // With the day in the condition one partition is read.
        var version = await db
            .Versions.AsNoTracking()
            .SingleOrDefaultAsync(
                row =>
                    row.EncounterId == stored.Id
                    && row.Version == stored.Version
                    && row.ReceivedAt == stored.ReceivedAt,
                cancellationToken
            );
        if (version is null)
            return null;
        db.Audit(caller, "encounter.read", stored.Id);
        await db.SaveChangesAsync(cancellationToken);
        var particulars = sealer.Open(new Sealed<EncounterParticulars>(version.ParticularsKeyId, version.Particulars));
        return EncounterResource.Of(stored.Id, stored.Version, stored.ReceivedAt, caller.Organisation, particulars);
    }
}
