using Microsoft.AspNetCore.Mvc;
using Safeguarding.EncounterIngest.Contacts;
using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.EncounterIngest.Organisations;
using Safeguarding.EncounterIngest.Sites;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;
using Safeguarding.Operations.Refusals;
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

    private const string ContactExample = """
        {"event":{"incidentNumber":"43-20261128-0117","kind":"missing","state":"open","grade":"high","occurredAt":"2026-11-28T21:40:00Z",
        "updatedAt":"2026-11-28T22:05:00Z"},"unit":{"name":"Eastvale missing persons unit","phone":"01632 960017"},
        "person":{"names":[{"familyName":"Fhirwood","givenNames":["Alba"]}],"birthDate":"2016-04-04","sex":"female",
        "postcodes":[{"postcode":"ZZ99 3AA","former":false}]}}
        """;

    private const string OdsExample = """
        <OrgRefData><Manifest><PublicationType value="Full"/><PublicationDate value="2026-11-27"/><RecordCount value="1"/></Manifest>
        <Organisations><Organisation orgRecordClass="RC1"><Name>NORTHERN GENERAL NHS TRUST</Name><OrgId extension="RZ1"/>
        <Status value="Active"/><Roles><Role id="RO197" primaryRole="true"><Status value="Active"/></Role></Roles></Organisation>
        </Organisations></OrgRefData>
        """;

    private const string BundleExample =
        """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":"""
        + EncounterExample
        + ""","request":{"method":"POST","url":"Encounter"}}]}""";

    private const string SearchsetExample = """{"resourceType":"Bundle","type":"searchset","total":0}""";

    private const string OutcomeExample = """
        {"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational",
        "details":{"coding":[{"system":"https://safeguarding-hub.uk/fhir/CodeSystem/encounter-ingest-issue","code":"fine"}],
        "text":"No issues found."}}]}
        """;

    private const string TransactionAnswerExample = """
        {"resourceType":"Bundle","type":"transaction-response","entry":[{"response":{"status":"201",
        "location":"Encounter/0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f","etag":"W/\"1\""}}]}
        """;

    private const string MessageAnswerExample = """
        {"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"MessageHeader",
        "eventCoding":{"code":"encounter-received"},"source":{"endpoint":"https://hub.example/fhir"},
        "response":{"identifier":"4711","code":"ok"}}}]}
        """;

    private const string CapabilityExample = """
        {"resourceType":"CapabilityStatement","status":"active","date":"2026-11-28","kind":"instance",
        "fhirVersion":"4.0.1","format":["application/fhir+json","application/fhir+xml"]}
        """;

    private const string CodeSystemExample = """
        {"resourceType":"CodeSystem","id":"encounter-ingest-issue","status":"active","content":"complete",
        "concept":[{"code":"not-found","display":"not found"}]}
        """;

    private const string LastModified = "When the hub took this version in.";

    public static void MapEncounterRoutes(this WebApplication app)
    {
        var fhir = app.MapGroup("/fhir")
            .AddEndpointFilter<FhirRefusals>()
            .WithTags("FHIR R4")
            .TakesQuery("_format", "json or xml: the format of the answer, for those who cannot set Accept.")
            .TakesQuery("_pretty", "Answers are the same either way.")
            // Above what can be set: ReadBody has the last word, before and after decompression.
            .WithMetadata(new RequestSizeLimitAttribute(IntakeOptions.LargestBody + 1));
        fhir.MapGet("/metadata", Metadata.Handle)
            .AllowAnonymous()
            .Answers()
            .AnswersLike(CapabilityExample)
            .WithSummary("CapabilityStatement");

        fhir.MapGet("/CodeSystem/{id}", IssueCodes.Read)
            .AllowAnonymous()
            .Answers()
            .AnswersLike(CodeSystemExample)
            .WithSummary("What the codes of an OperationOutcome mean")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Read) { Type = "CodeSystem" });
        fhir.MapGet("/CodeSystem", IssueCodes.Search)
            .AllowAnonymous()
            .Answers()
            .AnswersLike(SearchsetExample)
            .WithSummary("The code system with a given url")
            .WithMetadata(new Interaction(TypeRestfulInteraction.SearchType) { Type = "CodeSystem" });

        var own = fhir.MapGroup("").RequireScope("encounter.submit");
        own.MapPost("/Encounter", SubmitEncounter.Create)
            .Audits("encounter.submit")
            .WithMetadata(new TakesEncountersIn())
            .Takes("Encounter")
            .Stores(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .TakesHeader(
                "If-None-Exist",
                "identifier=https://epr.example/encounter|E-4711",
                "identifier=system|value: where that encounter is stored, it stays as it is."
            )
            .WithSummary("Create an Encounter; with If-None-Exist an existing one is unchanged")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Create) { Conditional = true });
        own.MapPut("/Encounter", SubmitEncounter.Upsert)
            .Audits("encounter.submit")
            .WithMetadata(new TakesEncountersIn())
            .TakesQuery("identifier", "system|value of the encounter's business identifier.")
            .Takes("Encounter")
            .Stores(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .TakesVersion()
            .WithSummary("Create or update by ?identifier=system|value")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Update) { Conditional = true });
        own.MapPut("/Encounter/{id}", SubmitEncounter.Update)
            .Audits("encounter.submit")
            .WithMetadata(new TakesEncountersIn())
            .Takes("Encounter")
            .Stores(StatusCodes.Status200OK)
            .TakesVersion()
            .WithSummary("Update by the hub's id; If-Match guards the version")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Update));
        own.MapGet("/Encounter", SearchEncounters.Get)
            .Audits("encounter.search")
            .TakesQuery("identifier", "system|value of one of the encounter's business identifiers.")
            .TakesQuery("_id", "The hub's id of the encounter.")
            .Answers()
            .AnswersLike(SearchsetExample)
            .WithSummary("Find your own encounter by identifier or _id")
            .WithMetadata(new Interaction(TypeRestfulInteraction.SearchType));
        own.MapPost("/Encounter/_search", SearchEncounters.Post)
            .Audits("encounter.search")
            .TakesBody("""{"identifier":"https://epr.example/encounter|E-4711"}""", "application/x-www-form-urlencoded")
            .Answers()
            .AnswersLike(SearchsetExample)
            .WithSummary("The same search, with identifier or _id in a form instead of the address");
        own.MapGet("/Encounter/{id}", GetEncounter.Handle)
            .AuditsEach("encounter.read")
            .Answers()
            .AnswersWith(StatusCodes.Status200OK, StatusCodes.Status304NotModified, StatusCodes.Status410Gone)
            .AnswersETag(StatusCodes.Status200OK, StatusCodes.Status304NotModified)
            .AnswersHeader("Last-Modified", LastModified, StatusCodes.Status200OK)
            .AnswersLike(EncounterExample)
            .TakesHeader("If-None-Match", "W/\"3\"", "The ETag that you hold: 304 where that is still the version.")
            .WithSummary("Read what the hub stores of your encounter")
            .WithMetadata(new Interaction(TypeRestfulInteraction.Read));
        var checks = fhir.MapGroup("").RequireScope("encounter.validate");
        checks
            .MapPost("/Encounter/$validate", ValidateEncounter.Encounter)
            .Audits("encounter.validate")
            .Takes("Encounter")
            .AnswersLike(OutcomeExample)
            .WithSummary("Validate an Encounter without storing it")
            .WithMetadata(
                new Interaction
                {
                    Operation = "validate",
                    Definition = "http://hl7.org/fhir/OperationDefinition/Resource-validate",
                }
            );
        checks
            .MapPost("/Bundle/$validate", ValidateEncounter.Bundle)
            .Audits("encounter.validate")
            .Takes("transaction, batch, message or notification Bundle")
            .AnswersLike(OutcomeExample)
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
            .Audits("encounter.submit")
            .WithMetadata(new TakesEncountersIn())
            .Takes("transaction or batch Bundle")
            .AnswersWith(
                StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict,
                StatusCodes.Status412PreconditionFailed,
                StatusCodes.Status422UnprocessableEntity
            )
            .AnswersLike(TransactionAnswerExample)
            .WithSummary("Submit a transaction, all of it or nothing; of a batch, each entry alone")
            .WithMetadata(
                new Interaction(OnSystem: SystemRestfulInteraction.Transaction),
                new Interaction(OnSystem: SystemRestfulInteraction.Batch)
            );
        own.MapPost("/$process-message", ProcessMessage.Handle)
            .Audits("encounter.submit")
            .WithMetadata(new TakesEncountersIn())
            .Takes("message Bundle, or notification Bundle")
            .AnswersWith(StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity)
            .AnswersLike(MessageAnswerExample)
            .WithSummary("Submit a message or a subscription notification")
            .WithMetadata(
                new Interaction
                {
                    Type = null,
                    Operation = "process-message",
                    Definition = "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
                }
            );

        var contacts = app.MapGroup("/contacts").RequireScope("contact.submit").WithTags("Police contacts");
        contacts
            .MapPost("", SubmitContact.One)
            .Audits("contact.submit")
            .AnswersWith(StatusCodes.Status503ServiceUnavailable)
            .WithMetadata(new BodyExample(ContactExample))
            .WithSummary(
                "Report a contact of the police with a child: a notice, a missing episode, custody, protection"
            );
        contacts
            .MapPost("/batch", SubmitContact.Batch)
            .Audits("contact.submit")
            .TakesBody(ContactExample.ReplaceLineEndings("") + "\n", "application/x-ndjson")
            .AnswersWith(StatusCodes.Status415UnsupportedMediaType)
            .WithMetadata(new RequestSizeLimitAttribute(SubmitContact.LargestBatch))
            .WithSummary("Report up to 500 contacts, one a line; each is taken or refused by itself");

        contacts.MapRefusalList("contact.submit").WithName("contactRefusalList");
        app.MapRefusals("encounter.submit");
        var sites = app.MapGroup("/organisations/{organisation}/sites/{site}")
            .RequireScope("site.write")
            .WithTags("Sites");
        sites
            .MapPut("", PutSite.Handle)
            .Audits("site.change")
            .AnswersLocation(StatusCodes.Status201Created)
            .AnswersWith(StatusCodes.Status409Conflict)
            .WithSummary("Register a site: its name, what kind of care it gives, whom to ring");
        app.MapGet("/organisations", ListOrganisations.Handle)
            .RequireToken()
            // What anybody may know is counted: who shows names to people asks all the time.
            .AuditsEach("organisation.list", polled: true)
            .WithTags("Organisations")
            .WithSummary("How organisations and sites are called, by code: councils, trusts, sites");
        app.MapPost("/ops/ods", LoadOds.Handle)
            .RequireScope("ops")
            .Audits("ods.load")
            .TakesBody(OdsExample, LoadOds.MediaType)
            .AnswersWith(StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity)
            .WithMetadata(new RequestSizeLimitAttribute(OdsFile.Largest))
            .WithTags("Operations")
            .WithSummary("Replace the organisations and sites of ODS by those of its published file");
        sites.MapGet("", GetSite.Handle).Audits("site.read").WithSummary("Read a registered site");
    }

    private static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, string what) =>
        route
            .Accepts<Stream>(Fhir, "application/fhir+xml", "application/json", "application/xml", "text/xml")
            .WithDescription($"Body: {what}, FHIR R4.")
            .WithMetadata(
                new BodyExample(what.Contains("Bundle", StringComparison.Ordinal) ? BundleExample : EncounterExample)
            )
            .Answers();

    private static RouteHandlerBuilder Stores(this RouteHandlerBuilder route, params int[] statuses) =>
        route
            .AnswersWith([.. statuses, StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity])
            .AnswersETag(statuses)
            .AnswersHeader("Last-Modified", LastModified, statuses)
            .AnswersLocation(statuses)
            .TakesHeader(
                "Prefer",
                "return=minimal",
                "return=minimal, return=representation or return=OperationOutcome."
            );

    private static RouteHandlerBuilder TakesVersion(this RouteHandlerBuilder route) =>
        route
            .TakesHeader(
                "If-Match",
                "W/\"3\"",
                "The ETag that you read, such as W/\"3\": nothing changes where it is not that."
            )
            .TakesHeader("If-None-Match", "*", "* changes nothing where the encounter is stored already.")
            .AnswersWith(StatusCodes.Status412PreconditionFailed);

    private static RouteHandlerBuilder Answers(this RouteHandlerBuilder route) =>
        route
            .Produces<object>(StatusCodes.Status200OK, Fhir, "application/fhir+xml")
            .AnswersWith(StatusCodes.Status406NotAcceptable);
}
