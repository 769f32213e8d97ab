using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.EncounterIngest.Sites;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Refusals;
using static Hl7.Fhir.Model.CapabilityStatement;

namespace Safeguarding.EncounterIngest;

/// <summary>Every address of the service. What the CapabilityStatement says hangs on each.</summary>
internal static class Routes
{
    private const string Fhir = "application/fhir+json";

    private const string EncounterExample = """
        {"resourceType":"Encounter","identifier":[{"system":"https://epr.example/encounter","value":"E-4711"}],"status":"in-progress",
        "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"EMER"},"subject":{"reference":"#p"},
        "period":{"start":"2026-11-28T09:30:00Z"},"contained":[{"resourceType":"Patient","id":"p",
        "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9000000009"}],"name":[{"family":"Fhirwood","given":["Alba"]}],"birthDate":"2016-04-04"}]}
        """;

    private const string BundleExample =
        """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":"""
        + EncounterExample
        + ""","request":{"method":"POST","url":"Encounter"}}]}""";

    public static void MapEncounterRoutes(this WebApplication app)
    {
        var fhir = app.MapGroup("/fhir")
            .AddEndpointFilter<FhirRefusals>()
            .WithTags("FHIR R4")
            .TakesQuery("_format", "json or xml: the format of the answer, for those who cannot set Accept.")
            .TakesQuery("_pretty", "Answers are the same either way.");
        fhir.MapGet("/metadata", Metadata.Handle).AllowAnonymous().WithSummary("CapabilityStatement");

        fhir.MapGet("/CodeSystem/{id}", IssueCodes.Read)
            .AllowAnonymous()
            .Answers()
            .WithSummary("What the codes of an OperationOutcome mean")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Read) { Type = "CodeSystem" });
        fhir.MapGet("/CodeSystem", IssueCodes.Search)
            .AllowAnonymous()
            .Answers()
            .WithSummary("The code system with a given url")
            .WithMetadata(new Interaction(TypeRestfulInteraction.SearchType) { Type = "CodeSystem" });

        var own = fhir.MapGroup("").RequireScope("encounter.submit");
        own.MapPost("/Encounter", SubmitEncounter.Create)
            .WithMetadata(new TakesEncountersIn())
            .Takes("Encounter")
            .WithSummary("Takes an Encounter in; If-None-Exist leaves a known one as it is")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Create) { Conditional = true });
        own.MapPut("/Encounter", SubmitEncounter.Upsert)
            .WithMetadata(new TakesEncountersIn())
            .TakesQuery("identifier", "system|value of the encounter's business identifier.")
            .Takes("Encounter")
            .WithSummary("Creates or updates by ?identifier=system|value")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Update) { Conditional = true });
        own.MapPut("/Encounter/{id}", SubmitEncounter.Update)
            .WithMetadata(new TakesEncountersIn())
            .Takes("Encounter")
            .WithSummary("Updates by the hub's id; If-Match guards the version")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Update));
        own.MapGet("/Encounter", SearchEncounters.Get)
            .TakesQuery("identifier", "system|value of one of the encounter's business identifiers.")
            .TakesQuery("_id", "The hub's id of the encounter.")
            .Answers()
            .WithSummary("Finds the sender's own encounter by identifier or _id")
            .WithMetadata(new Interaction(TypeRestfulInteraction.SearchType));
        own.MapPost("/Encounter/_search", SearchEncounters.Post)
            .TakesBody(
                "\"identifier=https%3A%2F%2Fepr.example%2Fencounter%7CE-4711\"",
                "application/x-www-form-urlencoded"
            )
            .Answers()
            .WithSummary("The same search, with identifier or _id in a form instead of the address");
        own.MapGet("/Encounter/{id}", ReadStoredEncounter.Handle)
            .Answers()
            .WithSummary("What is kept of an encounter, for its sender")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Read));
        own.MapPost("/Encounter/$validate", ValidateEncounter.Encounter)
            .Takes("Encounter")
            .WithSummary("Says what a POST would say, and stores nothing")
            .WithMetadata(
                new Interaction
                {
                    Operation = "validate",
                    Definition = "http://hl7.org/fhir/OperationDefinition/Resource-validate",
                }
            );
        own.MapPost("/Bundle/$validate", ValidateEncounter.Bundle)
            .Takes("transaction, batch, message or notification Bundle")
            .WithSummary(
                "Says what a POST of the Bundle to /fhir or /fhir/$process-message would say, and stores nothing"
            )
            .WithMetadata(
                new Interaction
                {
                    Type = "Bundle",
                    Operation = "validate",
                    Definition = "http://hl7.org/fhir/OperationDefinition/Resource-validate",
                }
            );
        own.MapPost("/", SubmitTransaction.Handle)
            .WithMetadata(new TakesEncountersIn())
            .Takes("transaction or batch Bundle")
            .WithSummary("Takes a transaction in, all of it or nothing; of a batch, each entry alone")
            .WithMetadata(
                new Interaction(OnSystem: SystemRestfulInteraction.Transaction),
                new Interaction(OnSystem: SystemRestfulInteraction.Batch)
            );
        own.MapPost("/$process-message", ProcessMessage.Handle)
            .WithMetadata(new TakesEncountersIn())
            .Takes("message Bundle, or notification Bundle")
            .WithSummary("Takes a message or a subscription notification in")
            .WithMetadata(
                new Interaction
                {
                    Type = null,
                    Operation = "process-message",
                    Definition = "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
                }
            );

        app.MapRefusals("encounter.submit");
        var sites = app.MapGroup("/organisations/{organisation}/sites/{site}")
            .RequireScope("site.write")
            .WithTags("Sites");
        sites
            .MapPut("", PutSite.Handle)
            .WithSummary("Registers a site: its name, what kind of care it gives, whom to ring");
        sites.MapGet("", GetSite.Handle).WithSummary("A registered site");
    }

    private static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, string what) =>
        route
            .Accepts<Stream>(Fhir, "application/fhir+xml", "application/json", "application/xml", "text/xml")
            .WithDescription($"Body: {what}, FHIR R4.")
            .WithMetadata(
                new BodyExample(what.Contains("Bundle", StringComparison.Ordinal) ? BundleExample : EncounterExample)
            )
            .Answers();

    private static RouteHandlerBuilder Answers(this RouteHandlerBuilder route) =>
        route
            .Produces<object>(StatusCodes.Status200OK, Fhir, "application/fhir+xml")
            .Produces<object>(StatusCodes.Status400BadRequest, Fhir)
            .Produces<object>(StatusCodes.Status422UnprocessableEntity, Fhir)
            .Produces<object>(StatusCodes.Status503ServiceUnavailable, Fhir);
}
