using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>
/// GET /fhir/CodeSystem/encounter-ingest-issue, and GET /fhir/CodeSystem?url=: what the codes of an
/// OperationOutcome mean.
/// </summary>
internal static class IssueCodes
{
    public const string Id = "encounter-ingest-issue";

    internal static FhirAnswer Read(string id, HttpRequest request) =>
        Negotiation.OfAnswer(request) is null ? FhirAnswer.Refused(IssueKind.NotAcceptable)
        : id == Id ? new FhirAnswer(StatusCodes.Status200OK, Resource())
        : FhirAnswer.Refused(IssueKind.NotFound);

    internal static FhirAnswer Search(HttpRequest request, string? url = null) =>
        Negotiation.OfAnswer(request) is null ? FhirAnswer.Refused(IssueKind.NotAcceptable)
        : url is null ? FhirAnswer.Refused(IssueKind.SearchUnsupported, detail: "Code systems are searched by url.")
        : new FhirAnswer(
            StatusCodes.Status200OK,
            new Bundle
            {
                Type = Bundle.BundleType.Searchset,
                Total = url == IssueKind.System ? 1 : 0,
                Entry =
                    url != IssueKind.System
                        ? []
                        :
                        [
                            new Bundle.EntryComponent
                            {
                                FullUrl = IssueKind.System,
                                Resource = Resource(),
                                Search = new Bundle.SearchComponent { Mode = Bundle.SearchEntryMode.Match },
                            },
                        ],
            }
        );

    private static CodeSystem Resource()
    {
        var codes = IssueKind.All;
        return new CodeSystem
        {
            Id = Id,
            Url = IssueKind.System,
            Version = Metadata.Version,
            Name = "EncounterIngestIssue",
            Title = "Why encounter-ingest refuses, or warns",
            Status = PublicationStatus.Active,
            CaseSensitive = true,
            Content = CodeSystemContentMode.Complete,
            Count = codes.Count,
            Property =
            [
                new CodeSystem.PropertyComponent
                {
                    Code = "status",
                    Description = "The HTTP status that comes with it; 200 where it only ever warns.",
                    Type = CodeSystem.PropertyType.Integer,
                },
            ],
            Concept =
            [
                .. codes.Select(kind => new CodeSystem.ConceptDefinitionComponent
                {
                    Code = kind.Code,
                    Display = kind.Code.Replace('-', ' '),
                    Definition = kind.Text,
                    Property =
                    [
                        new CodeSystem.ConceptPropertyComponent { Code = "status", Value = new Integer(kind.Status) },
                    ],
                }),
            ],
        };
    }
}
