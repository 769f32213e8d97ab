using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// GET /fhir/Encounter?identifier= or ?_id=, and POST /fhir/Encounter/_search with the same in its form: what the hub
/// stored of the sender's own encounters, so that a supplier can reconcile.
/// </summary>
internal sealed class SearchEncounters(EncounterIngestDb db, GetEncounter read, Sealer sealer, PublicAddress address)
{
    internal static Task<FhirAnswer> Get(
        HttpRequest request,
        Caller caller,
        SearchEncounters search,
        CancellationToken cancellationToken
    ) => search.HandleAsync(request, request.QueryString.Value ?? "", caller, cancellationToken);

    internal static async Task<FhirAnswer> Post(
        HttpRequest request,
        Caller caller,
        SearchEncounters search,
        CancellationToken cancellationToken
    )
    {
        if (!request.HasFormContentType)
        {
            return FhirAnswer.Refused(
                IssueKind.MediaTypeUnsupported,
                detail: "A search is posted as application/x-www-form-urlencoded."
            );
        }

        var form = await request.ReadFormAsync(cancellationToken);
        var text = string.Join(
            '&',
            form.SelectMany(field =>
                field.Value.Select(value => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(value ?? "")}")
            )
        );
        return await search.HandleAsync(request, $"?{text}", caller, cancellationToken);
    }

    private async Task<FhirAnswer> HandleAsync(
        HttpRequest request,
        string query,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (Negotiation.OfAnswer(request) is null)
            return FhirAnswer.Refused(IssueKind.NotAcceptable);
        var parameters = Microsoft
            .AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query)
            .Where(parameter => parameter.Key is not ("_format" or "_pretty"))
            .ToList();
        if (parameters is not [{ Key: "identifier" or "_id", Value: [{ Length: > 0 } value] } asked])
        {
            return FhirAnswer.Refused(
                IssueKind.SearchUnsupported,
                detail: "Search by identifier=system|value or by _id, one of them, once."
            );
        }

        if (asked.Key == "_id")
            return await AnswerAsync(caller, Guid.TryParseExact(value, "D", out var id) ? [id] : [], cancellationToken);

        var tokens = SearchToken.OfIdentifier($"?identifier={Uri.EscapeDataString(value)}");
        return tokens.Count == 0
            ? FhirAnswer.Refused(IssueKind.SearchUnsupported)
            : await AnswerAsync(caller, await FindAsync(caller, tokens[0], cancellationToken), cancellationToken);
    }

    private async Task<List<Guid>> FindAsync(Caller caller, SearchToken token, CancellationToken cancellationToken)
    {
        var macs = IdentifierKeys
            .Compute(caller.Organisation, new BusinessIdentifier(token.System, token.Value), sealer)
            .Macs;
        var found = await db.Set<EncounterIdentifier>()
            .Where(row => row.Organisation == caller.Organisation && macs.Contains(row.IdentifierMac))
            .Select(row => row.EncounterId)
            .ToListAsync(cancellationToken);
        // The previous release, while it runs beside this one, writes the encounter's own column only.
        return found.Count > 0
            ? found
            : await db
                .Encounters.Where(row => row.Organisation == caller.Organisation && macs.Contains(row.IdentifierMac))
                .Select(row => row.Id)
                .ToListAsync(cancellationToken);
    }

    private async Task<FhirAnswer> AnswerAsync(
        Caller caller,
        IReadOnlyList<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var answer = new Bundle
        {
            Type = Bundle.BundleType.Searchset,
            Total = 0,
            // Without what was searched for: an address is not a place for a patient's or a visit's number.
            Link = [new Bundle.LinkComponent { Relation = "self", Url = address.UrlOf("/fhir/Encounter") }],
        };
        foreach (var id in ids.Distinct())
        {
            if (await read.AsResourceAsync(caller, id, cancellationToken) is not { } encounter)
                continue;
            answer.Total++;
            answer.Entry.Add(
                new Bundle.EntryComponent
                {
                    FullUrl = address.UrlOf($"/fhir/Encounter/{id}"),
                    Resource = encounter,
                    Search = new Bundle.SearchComponent { Mode = Bundle.SearchEntryMode.Match },
                }
            );
        }

        return new FhirAnswer(StatusCodes.Status200OK, answer);
    }
}
