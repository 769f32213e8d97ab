using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Routing;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;

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

    /// <summary>The resource type that it is of; null of the system.</summary>
    public string? Type { get; init; } = OnSystem is null ? "Encounter" : null;
}

/// <summary>GET /fhir/metadata, made from the routes that are mapped.</summary>
internal static class Metadata
{
    /// <summary>The event of the answer to a message.</summary>
    public const string AnswerEvent = "encounter-received";

    public static string EventSystem { get; } = IssueKind.Canonical("CodeSystem/message-event");

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
        var routes = (
            from endpoint in endpoints.Endpoints
            from interaction in endpoint.Metadata.GetOrderedMetadata<Interaction>()
            select (Endpoint: endpoint, Interaction: interaction)
        ).ToList();
        var interactions = routes.ConvertAll(route => route.Interaction);
        var resources = routes
            .Where(route => route.Interaction.Type is not null)
            .GroupBy(route => route.Interaction.Type!)
            .Select(type => Resource(type.Key, [.. type], request.HttpContext.RequestServices));
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
                Contained =
                [
                    Message("encounter", "EncounterMessage", "Any event whose focus or entries are Encounters"),
                    Message(AnswerEvent, "EncounterReceived", "The answer to a message whose encounters were stored"),
                ],
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
                    Url = address.UrlOf("/fhir"),
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
                        Resource = [.. resources.OrderByDescending(one => one.Type == "Encounter")],
                        Interaction =
                        [
                            .. interactions
                                .Select(one => one.OnSystem)
                                .OfType<CapabilityStatement.SystemRestfulInteraction>()
                                .Distinct()
                                .Select(code => new CapabilityStatement.SystemInteractionComponent { Code = code }),
                        ],
                        Operation = [.. Operations(interactions.Where(one => one.Type is null))],
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
                                Address = address.UrlOf("/fhir/$process-message"),
                            },
                        ],
                        SupportedMessage =
                        [
                            new CapabilityStatement.SupportedMessageComponent
                            {
                                Mode = CapabilityStatement.EventCapabilityMode.Receiver,
                                Definition = "#encounter",
                            },
                            new CapabilityStatement.SupportedMessageComponent
                            {
                                Mode = CapabilityStatement.EventCapabilityMode.Sender,
                                Definition = "#encounter-received",
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

    private static CapabilityStatement.ResourceComponent Resource(
        string type,
        List<(Microsoft.AspNetCore.Http.Endpoint Endpoint, Interaction Interaction)> routes,
        IServiceProvider services
    )
    {
        var interactions = routes.ConvertAll(route => route.Interaction);
        var resource = new CapabilityStatement.ResourceComponent
        {
            TypeElement = new Code<ResourceType> { JsonValue = type },
            Profile = $"http://hl7.org/fhir/StructureDefinition/{type}",
            Interaction =
            [
                .. interactions
                    .Select(one => one.OnType)
                    .OfType<CapabilityStatement.TypeRestfulInteraction>()
                    .Distinct()
                    .Select(code => new CapabilityStatement.ResourceInteractionComponent { Code = code }),
            ],
            SearchParam =
            [
                .. routes
                    .Where(route => route.Interaction.OnType == CapabilityStatement.TypeRestfulInteraction.SearchType)
                    .SelectMany(route => DeclaredInput.QueryOf(route.Endpoint, services))
                    .Select(name => SearchParameter(type, name))
                    .OfType<CapabilityStatement.SearchParamComponent>(),
            ],
            Operation = [.. Operations(interactions)],
        };
        if (type != "Encounter")
            return resource;
        resource.Versioning = CapabilityStatement.ResourceVersionPolicy.Versioned;
        resource.ReadHistory = false;
        resource.UpdateCreate = false;
        resource.ConditionalCreate = IsConditional(CapabilityStatement.TypeRestfulInteraction.Create);
        resource.ConditionalUpdate = IsConditional(CapabilityStatement.TypeRestfulInteraction.Update);
        resource.ReferencePolicy =
        [
            CapabilityStatement.ReferenceHandlingPolicy.Local,
            CapabilityStatement.ReferenceHandlingPolicy.Logical,
        ];
        return resource;

        bool IsConditional(CapabilityStatement.TypeRestfulInteraction code) =>
            interactions.Exists(one => one.Conditional && one.OnType == code);
    }

    // What a route declares and R4 does not know, such as _format, is not a search parameter.
    private static CapabilityStatement.SearchParamComponent? SearchParameter(string type, string name)
    {
        if (name == "_id")
        {
            return new CapabilityStatement.SearchParamComponent
            {
                Name = name,
                Type = SearchParamType.Token,
                Definition = "http://hl7.org/fhir/SearchParameter/Resource-id",
            };
        }

        return ModelInfo.SearchParameters.Find(one => one.Resource == type && one.Name == name) is { } known
            ? new CapabilityStatement.SearchParamComponent
            {
                Name = name,
                Type = known.Type,
                Definition = known.Url,
            }
            : null;
    }

    private static MessageDefinition Message(string id, string name, string title) =>
        new()
        {
            Id = id,
            Url = IssueKind.Canonical($"MessageDefinition/{id}"),
            Version = Version,
            Name = name,
            Title = title,
            Status = PublicationStatus.Active,
            Date = "2026-11-28",
            Event = new Coding(EventSystem, id),
            Focus =
            [
                new MessageDefinition.FocusComponent
                {
                    Code = ResourceType.Encounter,
                    Min = 0,
                    Max = "*",
                },
            ],
        };

    private static List<Extension> TokenEndpoint(IConfiguration configuration) =>
        HubAccess.TokenEndpoint(configuration) is not { } token
            ? []
            :
            [
                new Extension
                {
                    Url = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                    Extension = [new Extension("token", new FhirUri(token))],
                },
            ];

    private static IEnumerable<CapabilityStatement.OperationComponent> Operations(
        IEnumerable<Interaction> interactions
    ) =>
        interactions
            .Where(one => one.Operation is not null)
            .Select(one => new CapabilityStatement.OperationComponent
            {
                Name = one.Operation,
                Definition = one.Definition,
            });
}
