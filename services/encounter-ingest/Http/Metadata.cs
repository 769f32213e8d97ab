using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Routing;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>
/// What a route does in the words of a CapabilityStatement. It hangs on the route, so the statement cannot say
/// more or less than there is.
/// </summary>
internal sealed record Interaction(
    CapabilityStatement.TypeRestfulInteraction? OnType = null,
    CapabilityStatement.SystemRestfulInteraction? OnSystem = null
)
{
    public bool Conditional { get; init; }

    /// <summary>A named operation, such as <c>validate</c>.</summary>
    public string? Operation { get; init; }

    public string? Definition { get; init; }

    /// <summary>Whether the operation is of the type Encounter rather than of the system.</summary>
    public bool OfType { get; init; }
}

/// <summary>GET /fhir/metadata, made from the routes that are mapped.</summary>
internal static class Metadata
{
    /// <summary>The version of what this statement describes; the release's.</summary>
    public static string Version { get; } = typeof(Metadata).Assembly.GetName().Version!.ToString(3);

    internal static FhirAnswer Handle(
        HttpRequest request,
        EndpointDataSource endpoints,
        PublicAddress address,
        IConfiguration configuration
    )
    {
        if (Negotiation.OfAnswer(request) is null)
            return FhirAnswer.Refused(Fhir.IssueKind.NotAcceptable);
        var interactions = endpoints
            .Endpoints.SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<Interaction>())
            .ToList();
        var encounter = new CapabilityStatement.ResourceComponent
        {
            TypeElement = new Code<ResourceType> { JsonValue = "Encounter" },
            Profile = "http://hl7.org/fhir/StructureDefinition/Encounter",
            Versioning = CapabilityStatement.ResourceVersionPolicy.Versioned,
            ReadHistory = false,
            UpdateCreate = false,
            ConditionalCreate = interactions.Exists(one =>
                one is { Conditional: true, OnType: CapabilityStatement.TypeRestfulInteraction.Create }
            ),
            ConditionalUpdate = interactions.Exists(one =>
                one is { Conditional: true, OnType: CapabilityStatement.TypeRestfulInteraction.Update }
            ),
            ReferencePolicy =
            [
                CapabilityStatement.ReferenceHandlingPolicy.Local,
                CapabilityStatement.ReferenceHandlingPolicy.Logical,
            ],
            Interaction =
            [
                .. interactions
                    .Select(one => one.OnType)
                    .OfType<CapabilityStatement.TypeRestfulInteraction>()
                    .Distinct()
                    .Select(code => new CapabilityStatement.ResourceInteractionComponent { Code = code }),
            ],
            SearchParam = SearchParameters(interactions),
            Operation = [.. Operations(interactions, ofType: true)],
        };
        return new FhirAnswer(
            StatusCodes.Status200OK,
            new CapabilityStatement
            {
                Url = IssueKind.Canonical("CapabilityStatement/encounter-ingest"),
                Version = Version,
                Name = "EncounterIngest",
                Title = "Encounters of NHS trusts",
                Status = PublicationStatus.Active,
                Date = "2026-11-28",
                Kind = CapabilityStatementKind.Instance,
                FhirVersion = FHIRVersion.N4_0_1,
                Format = ["application/fhir+json", "application/fhir+xml"],
                Software = new CapabilityStatement.SoftwareComponent
                {
                    Name = "Safeguarding hub, encounter-ingest",
                    Version = Version,
                },
                Implementation = new CapabilityStatement.ImplementationComponent
                {
                    Description = "Takes encounters of trusts and passes them on for matching.",
                    Url = address.Of("/fhir"),
                },
                Rest =
                [
                    new CapabilityStatement.RestComponent
                    {
                        Mode = CapabilityStatement.RestfulCapabilityMode.Server,
                        Security = new CapabilityStatement.SecurityComponent
                        {
                            Extension = TokenEndpoint(configuration),
                            Service =
                            [
                                new CodeableConcept(
                                    "http://terminology.hl7.org/CodeSystem/restful-security-service",
                                    "OAuth"
                                ),
                            ],
                            Description = "Bearer token of the organisation with scope encounter.submit.",
                        },
                        Resource = [encounter],
                        Interaction =
                        [
                            .. interactions
                                .Select(one => one.OnSystem)
                                .OfType<CapabilityStatement.SystemRestfulInteraction>()
                                .Distinct()
                                .Select(code => new CapabilityStatement.SystemInteractionComponent { Code = code }),
                        ],
                        Operation = [.. Operations(interactions, ofType: false)],
                    },
                ],
                Messaging =
                [
                    new CapabilityStatement.MessagingComponent
                    {
                        Endpoint =
                        [
                            new CapabilityStatement.EndpointComponent
                            {
                                Protocol = new Coding(
                                    "http://terminology.hl7.org/CodeSystem/message-transport",
                                    "http"
                                ),
                                Address = address.Of("/fhir/$process-message"),
                            },
                        ],
                        Documentation =
                            "Takes messages whose focus or entries are Encounters, whatever their event, and "
                            + "notifications of subscriptions. "
                            + "Answers with the event encounter-received.",
                    },
                ],
            }
        );
    }

    private static List<Extension> TokenEndpoint(IConfiguration configuration) =>
        configuration["Identity:Issuers:0:Issuer"] is not { Length: > 0 } issuer
            ? []
            :
            [
                new Extension
                {
                    Url = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                    Extension = [new Extension("token", new FhirUri($"{issuer.TrimEnd('/')}/connect/token"))],
                },
            ];

    private static List<CapabilityStatement.SearchParamComponent> SearchParameters(
        IEnumerable<Interaction> interactions
    ) =>
        !interactions.Any(one => one.OnType == CapabilityStatement.TypeRestfulInteraction.SearchType)
            ? []
            :
            [
                new CapabilityStatement.SearchParamComponent
                {
                    Name = "identifier",
                    Type = SearchParamType.Token,
                    Definition = "http://hl7.org/fhir/SearchParameter/Encounter-identifier",
                },
                new CapabilityStatement.SearchParamComponent
                {
                    Name = "_id",
                    Type = SearchParamType.Token,
                    Definition = "http://hl7.org/fhir/SearchParameter/Resource-id",
                },
            ];

    private static IEnumerable<CapabilityStatement.OperationComponent> Operations(
        IEnumerable<Interaction> interactions,
        bool ofType
    ) =>
        interactions
            .Where(one => one.Operation is not null && one.OfType == ofType)
            .Select(one => new CapabilityStatement.OperationComponent
            {
                Name = one.Operation,
                Definition = one.Definition,
            });
}
