using Safeguarding.Hosting.Access;

namespace Safeguarding.Notification.Channels.Fhir;

internal static class FhirHosting
{
    private const string SubscriptionExample = """
        {"resourceType":"Subscription","status":"requested","reason":"Safeguarding alerts","criteria":"https://example.org/topic",
        "channel":{"type":"rest-hook","endpoint":"https://council.example/fhir","payload":"application/fhir+json"}}
        """;

    public static void AddFhirChannel(this IServiceCollection services)
    {
        services.AddSingleton<FhirChannel>();
        services.AddSingleton<IChannel>(provider => provider.GetRequiredService<FhirChannel>());
        services.AddHostedService<SendHeartbeats>();
        // Before the hub's own writer, which takes every path.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, FhirProblems>());
    }

    public static void MapFhirRoutes(this WebApplication app)
    {
        app.MapGet("/fhir/metadata", Metadata.Handle).AllowAnonymous();
        app.MapPost("/fhir/Subscription", PostSubscription.Create)
            .TakesBody(SubscriptionExample, FhirAnswer.MediaType)
            .RequireScope("subscription.write");
        app.MapGet("/fhir/Subscription", FindFhirSubscription.Search).RequireScope("subscription.write");
        app.MapGet("/fhir/Subscription/{id}", FindFhirSubscription.Read).RequireScope("subscription.write");
        app.MapPut("/fhir/Subscription/{id}", PostSubscription.Update)
            .TakesBody(SubscriptionExample, FhirAnswer.MediaType)
            .RequireScope("subscription.write");
        app.MapDelete("/fhir/Subscription/{id}", FindFhirSubscription.Delete).RequireScope("subscription.write");
        app.MapGet("/fhir/Subscription/{id}/$status", ReadSubscriptionStatus.Status).RequireScope("subscription.write");
        app.MapGet("/fhir/Subscription/{id}/$events", ReadSubscriptionStatus.Events).RequireScope("alert.read");
        app.MapGet("/fhir/Communication/{id}", ReadCommunication.Handle).RequireScope("alert.read");
    }
}
