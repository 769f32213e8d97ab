using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Routing;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>What a route does in the words of a CapabilityStatement. It hangs on the route, so the statement cannot say more or less than there is.</summary>
internal sealed record Interaction(CapabilityStatement.TypeRestfulInteraction? OnType = null, CapabilityStatement.SystemRestfulInteraction? OnSystem = null)
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
    internal static FhirAnswer Handle(HttpRequest request, EndpointDataSource endpoints)
    {
        if (Negotiation.OfAnswer(request) is null)
            return FhirAnswer.Refused(Fhir.IssueKind.NotAcceptable);
        var interactions = endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<Interaction>()).OfType<Interaction>().ToList();
        var encounter = new CapabilityStatement.ResourceComponent
        {
            TypeElement = new Code<ResourceType> { JsonValue = "Encounter" },
            Profile = "http://hl7.org/fhir/StructureDefinition/Encounter",
            Versioning = CapabilityStatement.ResourceVersionPolicy.Versioned,
            ReadHistory = false,
            UpdateCreate = false,
            ConditionalCreate = interactions.Exists(one => one is { Conditional: true, OnType: CapabilityStatement.TypeRestfulInteraction.Create }),
            ConditionalUpdate = interactions.Exists(one => one is { Conditional: true, OnType: CapabilityStatement.TypeRestfulInteraction.Update }),
            ReferencePolicy = [CapabilityStatement.ReferenceHandlingPolicy.Local, CapabilityStatement.ReferenceHandlingPolicy.Logical],
            Interaction = [.. interactions.Select(one => one.OnType).OfType<CapabilityStatement.TypeRestfulInteraction>().Distinct()
                .Select(code => new CapabilityStatement.ResourceInteractionComponent { Code = code })],
            Operation = [.. Operations(interactions, ofType: true)],
        };
        return new FhirAnswer(StatusCodes.Status200OK, new CapabilityStatement
        {
            Status = PublicationStatus.Active,
            Date = "2026-11-22",
            Kind = CapabilityStatementKind.Instance,
            FhirVersion = FHIRVersion.N4_0_1,
            Format = ["application/fhir+json", "application/fhir+xml"],
            Software = new CapabilityStatement.SoftwareComponent { Name = "Safeguarding hub, encounter-ingest" },
            Implementation = new CapabilityStatement.ImplementationComponent
            {
                Description = "Takes encounters of trusts and passes them on for matching.",
                Url = $"{request.Scheme}://{request.Host}{request.PathBase}/fhir",
            },
            Rest =
            [
                new CapabilityStatement.RestComponent
                {
                    Mode = CapabilityStatement.RestfulCapabilityMode.Server,
                    Security = new CapabilityStatement.SecurityComponent
                    {
                        Service = [new CodeableConcept("http://terminology.hl7.org/CodeSystem/restful-security-service", "OAuth")],
                        Description = "Bearer token of the organisation with scope encounter.submit.",
                    },
                    Resource = [encounter],
                    Interaction = [.. interactions.Select(one => one.OnSystem).OfType<CapabilityStatement.SystemRestfulInteraction>().Distinct()
                        .Select(code => new CapabilityStatement.SystemInteractionComponent { Code = code })],
                    Operation = [.. Operations(interactions, ofType: false)],
                },
            ],
        });
    }

    private static IEnumerable<CapabilityStatement.OperationComponent> Operations(IEnumerable<Interaction> interactions, bool ofType) =>
        interactions.Where(one => one.Operation is not null && one.OfType == ofType)
            .Select(one => new CapabilityStatement.OperationComponent { Name = one.Operation, Definition = one.Definition });
}
