using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;

namespace Safeguarding.Notification.Api.Fhir;

internal static class FhirRoutes
{
    private const string SubscriptionExample = """
        {"resourceType":"Subscription","status":"requested","reason":"Safeguarding alerts","criteria":"https://example.org/topic",
        "channel":{"type":"rest-hook","endpoint":"https://council.example/fhir","payload":"application/fhir+json"}}
        """;

    private const string SearchsetExample = """{"resourceType":"Bundle","type":"searchset","total":0}""";

    private const string CapabilityExample = """
        {"resourceType":"CapabilityStatement","status":"active","date":"2026-11-28","kind":"instance",
        "fhirVersion":"4.0.1","format":["application/fhir+json"]}
        """;

    /// <summary>Before the hub's own writer, which takes every path.</summary>
    public static void AddFhirProblems(this WebApplicationBuilder builder) =>
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, FhirProblems>());

    public static void MapFhirRoutes(this WebApplication app)
    {
        var fhir = app.MapGroup("").WithTags("FHIR R4");
        fhir.MapGet("/fhir/metadata", Metadata.Handle)
            .AllowAnonymous()
            .WithSummary("CapabilityStatement")
            .AnswersLike(CapabilityExample);

        var subscriptions = fhir.MapGroup("").RequireScope("subscription.write");
        subscriptions
            .MapPost("/fhir/Subscription", PostSubscription.Create)
            .Audits("subscription.make")
            .TakesBody(SubscriptionExample, FhirAnswer.MediaType, "application/json")
            .WithSummary("Create a Subscription; its endpoint must answer a handshake first")
            .AnswersWith(StatusCodes.Status201Created, StatusCodes.Status422UnprocessableEntity)
            .AnswersLocation(StatusCodes.Status201Created);
        subscriptions
            .MapGet("/fhir/Subscription", FindFhirSubscription.Search)
            .Audits("subscription.list")
            .WithSummary("List your Subscriptions")
            .AnswersLike(SearchsetExample);
        subscriptions
            .MapGet("/fhir/Subscription/{id}", FindFhirSubscription.Read)
            .Audits("subscription.read")
            .WithSummary("Read a Subscription")
            .AnswersLike(SubscriptionExample);
        subscriptions
            .MapPut("/fhir/Subscription/{id}", PostSubscription.Update)
            .Audits("subscription.change")
            .TakesBody(SubscriptionExample, FhirAnswer.MediaType, "application/json")
            .WithSummary("Change a Subscription")
            .AnswersWith(StatusCodes.Status200OK, StatusCodes.Status422UnprocessableEntity);
        subscriptions
            .MapDelete("/fhir/Subscription/{id}", FindFhirSubscription.Delete)
            .Audits("subscription.delete")
            .WithSummary("Delete a Subscription; what still waits for it is cancelled")
            .AnswersWith(StatusCodes.Status204NoContent);
        subscriptions
            .MapGet("/fhir/Subscription/{id}/$status", GetSubscriptionStatus.Status)
            .Audits("subscription.status.read")
            .WithSummary("The status of a Subscription, and the number of its last event")
            .AnswersLike(SearchsetExample);

        var alerts = fhir.MapGroup("").RequireScope("alert.read");
        alerts
            .MapGet("/fhir/Subscription/{id}/$events", GetSubscriptionStatus.Events)
            .Audits("alert.events.read")
            .WithSummary("The events of a Subscription, for a receiver that has missed some")
            .AnswersLike(SearchsetExample);
        alerts
            .MapGet("/fhir/Communication/{id}", GetCommunication.Handle)
            .AuditsEach("alert.read")
            .WithSummary("Read an alert as a Communication")
            .AnswersLike(
                """{"resourceType":"Communication","id":"0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f","status":"completed"}"""
            );
    }
}
