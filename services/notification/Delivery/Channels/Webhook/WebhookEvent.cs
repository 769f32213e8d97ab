using System.Text.Json;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Hosting;
using Safeguarding.Messaging;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

/// <summary>What goes over the wire.</summary>
internal static class WebhookEvent
{
    public const string ContentType = "application/cloudevents+json";
    private const string Source = "urn:safeguarding-hub:notification";

    /// <returns>Null where a webhook has no event for this.</returns>
    public static byte[]? Of(Notice notice, bool full, DateTimeOffset now) =>
        EventOf(notice, full, now) is { } made
            ? JsonSerializer.SerializeToUtf8Bytes(made, made.GetType(), HubJson.Options)
            : null;

    /// <summary>A <see cref="CloudEvent{TData}"/>.</summary>
    /// <returns>Null where a webhook has no event for this.</returns>
    public static object? EventOf(Notice notice, bool full, DateTimeOffset now) =>
        notice switch
        {
            Notice.OfAlert { Alert: var alert } of => full
                ? Event(notice, alert.Id, now, of.View())
                : Event(notice, alert.Id, now, new AlertSignal(alert.Id, alert.Version, alert.CouncilCode)),
            Notice.OfEndpoint of => Event(
                notice,
                null,
                now,
                new EndpointSignal(of.CouncilCode, of.Subscription, of.FailingSince, of.Outcome)
            ),
            Notice.OfReview { Review: var review } => Event(
                notice,
                null,
                now,
                new ReviewSignal(review.ReviewId, review.CouncilCode, review.Version, review.RaisedAt, review.DueAt)
            ),
            Notice.OfRegistration { Registration: var registration } => Event(
                notice,
                null,
                now,
                new RegistrationSignal(registration.Id, registration.CouncilCode, registration.RegisteredAt)
            ),
            Notice.OfPlaceAgreement { Registration: var registration } of => Event(
                notice,
                null,
                now,
                new PlaceAgreementSignal(registration.Id, registration.CouncilCode, of.Agreed)
            ),
            Notice.OfUpload { Upload: var upload } => Event(notice, null, now, upload),
            Notice.OfLookup { Lookup: var lookup } => Event(
                notice,
                null,
                now,
                new LookupSignal(lookup.LookupId, lookup.CouncilCode)
            ),
            Notice.OfBreakGlass { Use: var use } => Event(
                notice,
                null,
                now,
                new BreakGlassSignal(use.UseId, use.Organisation)
            ),
            Notice.OfAuditRoot { Root: var root } of => Event(
                notice,
                null,
                now,
                new AuditRootSignal(
                    of.CouncilCode,
                    root.Service,
                    root.Number,
                    root.At,
                    root.Root,
                    root.Previous,
                    root.SignedText,
                    root.Signature,
                    root.Chain
                )
            ),
            Notice.Test test => Event(notice, null, now, new TestSignal(test.CouncilCode)),
            _ => null,
        };

    private static CloudEvent<TData> Event<TData>(Notice notice, Guid? alertId, DateTimeOffset now, TData data) =>
        new(
            "1.0",
            notice.Id,
            Source,
            notice.EventType,
            notice.IsOfRestricted ? now.DayOnly() : now,
            alertId,
            alertId is { } alert ? $"/alerts/{alert}" : null,
            "application/json",
            notice.IsSynthetic ? true : null,
            data
        );
}
