using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery.Channels.Fhir;
using static Hl7.Fhir.Model.CapabilityStatement;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Api.Fhir;

/// <summary>
/// GET /fhir/metadata: what the FHIR routes that are mapped do, and the one topic there is to subscribe
/// to.
/// </summary>
internal static class Metadata
{
    private static readonly string Version = typeof(Metadata).Assembly.GetName().Version!.ToString(3);

    // $name of an operation to what defines it.
    private static readonly Dictionary<string, string> Operations = new()
    {
        ["status"] = Backport.StatusOperation,
        ["events"] = Backport.EventsOperation,
    };

    internal static FhirAnswer Handle(EndpointDataSource endpoints, PublicAddress address, IConfiguration configuration)
    {
        var routes = endpoints
            .Endpoints.OfType<RouteEndpoint>()
            .Select(Read)
            .Where(route => route.Type is not null)
            .GroupBy(route => route.Type!);
        return FhirAnswer.Ok(
            new R4.CapabilityStatement
            {
                Url = "https://safeguarding-hub.uk/fhir/CapabilityStatement/notification",
                Version = Version,
                Name = "Notification",
                Title = "Safeguarding alerts to councils",
                Status = R4.PublicationStatus.Active,
                Date = "2026-11-28",
                Kind = R4.CapabilityStatementKind.Instance,
                FhirVersion = R4.FHIRVersion.N4_0_1,
                Format = [FhirAnswer.MediaType],
                Software = new SoftwareComponent { Name = "Safeguarding hub, notification", Version = Version },
                Implementation = new ImplementationComponent
                {
                    Description = "Notifies councils of safeguarding alerts.",
                    Url = address.UrlOf("/fhir"),
                },
                Rest =
                [
                    new RestComponent
                    {
                        Mode = RestfulCapabilityMode.Server,
                        Security = new SecurityComponent
                        {
                            Extension = [.. TokenEndpoint(configuration)],
                            Service =
                            [
                                new R4.CodeableConcept(
                                    "http://terminology.hl7.org/CodeSystem/restful-security-service",
                                    "OAuth"
                                ),
                            ],
                            Description =
                                "Bearer token of the council: scope subscription.write for Subscription, alert.read "
                                + "for Communication and $events.",
                        },
                        Resource = [.. routes.Select(type => Resource(type.Key, [.. type]))],
                    },
                ],
            }
        );
    }

    // POST /fhir/Type · GET /fhir/Type/{id} · GET /fhir/Type/{id}/$operation
    private static (string? Type, TypeRestfulInteraction? Interaction, string? Operation) Read(RouteEndpoint endpoint)
    {
        var segments = endpoint.RoutePattern.RawText?.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments is not ["fhir", var type, .. var rest] || !char.IsAsciiLetterUpper(type[0]))
            return default;
        return (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0], rest) switch
        {
            ("POST", []) => (type, TypeRestfulInteraction.Create, null),
            ("GET", []) => (type, TypeRestfulInteraction.SearchType, null),
            ("GET", [_]) => (type, TypeRestfulInteraction.Read, null),
            ("PUT", [_]) => (type, TypeRestfulInteraction.Update, null),
            ("DELETE", [_]) => (type, TypeRestfulInteraction.Delete, null),
            (_, [_, ['$', .. var name]]) => (type, null, name),
            _ => default,
        };
    }

    private static ResourceComponent Resource(
        string type,
        List<(string? Type, TypeRestfulInteraction? Interaction, string? Operation)> routes
    )
    {
        var resource = new ResourceComponent
        {
            TypeElement = new R4.Code<R4.ResourceType> { JsonValue = type },
            Profile = $"http://hl7.org/fhir/StructureDefinition/{type}",
            Interaction =
            [
                .. routes
                    .Select(route => route.Interaction)
                    .OfType<TypeRestfulInteraction>()
                    .Select(code => new ResourceInteractionComponent { Code = code }),
            ],
            Operation =
            [
                .. routes
                    .Select(route => route.Operation)
                    .OfType<string>()
                    .Select(name => new OperationComponent { Name = name, Definition = Operations[name] }),
            ],
        };
        if (type == "Subscription")
        {
            resource.SupportedProfile = [Backport.SubscriptionProfile];
            resource.UpdateCreate = false;
            resource.Extension.Add(new R4.Extension(Backport.TopicCanonical, new R4.Canonical(Backport.Topic)));
        }

        return resource;
    }

    private static IEnumerable<R4.Extension> TokenEndpoint(IConfiguration configuration)
    {
        if (HubAccess.TokenEndpoint(configuration) is not { } token)
            yield break;
        yield return new R4.Extension
        {
            Url = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            Extension = [new R4.Extension("token", new R4.FhirUri(token))],
        };
    }
}
