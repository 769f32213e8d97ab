using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Delivery.Channels.Webhook;

namespace Safeguarding.Notification.Api.Events;

/// <summary>One type of event: the schema of what a webhook is sent, and a sample.</summary>
internal static class GetEvent
{
    private const string ACouncil = "E09000012";

    internal static Results<Ok<EventDescription>, ProblemHttpResult> Handle(string type, TimeProvider clock)
    {
        if (EventCatalogue.Find(type) is not { } kind)
            return Refusal.NotFound();
        var (notice, now) = (kind.Synthetic(ACouncil, clock.GetUtcNow()), clock.GetUtcNow());
        var thin = Of(kind, notice, full: false, now);
        return TypedResults.Ok(
            new EventDescription(
                kind.Type,
                kind.Version,
                kind.Description,
                thin,
                notice is Notice.OfAlert ? Of(kind, notice, full: true, now) : thin
            )
        );
    }

    private static Payload Of(EventKind kind, Notice notice, bool full, DateTimeOffset now) =>
        new(
            EventSchema.Describe(WebhookEvent.EventOf(notice, full, now)!, kind),
            JsonNode.Parse(WebhookEvent.Write(notice, full, now)!)!.AsObject()
        );

    /// <param name="Type">Its name.</param>
    /// <param name="Version">Which version of the type.</param>
    /// <param name="Description">What it says.</param>
    /// <param name="Thin">What a subscription with payload thin is sent.</param>
    /// <param name="Full">What one with payload full is sent; other than thin only where the event is about an
    /// alert.</param>
    internal sealed record EventDescription(string Type, int Version, string Description, Payload Thin, Payload Full);

    /// <param name="Schema">JSON Schema 2020-12 of the whole body, a CloudEvent.</param>
    /// <param name="Sample">A made-up body, as a test event of this type is sent.</param>
    internal sealed record Payload(JsonObject Schema, JsonObject Sample);
}
