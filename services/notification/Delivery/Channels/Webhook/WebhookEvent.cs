using System.Text.Json;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Audit;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

/// <summary>What goes over the wire.</summary>
internal static class WebhookEvent
{
    public const string ContentType = "application/cloudevents+json";
    private const string Source = "urn:safeguarding-hub:notification";

    /// <returns>Null where a webhook has no event for this.</returns>
    public static byte[]? Write(Notice notice, bool full, DateTimeOffset now) =>
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

/// <summary>
/// A CloudEvent 1.0 in structured JSON, in the order in which it is written. The schemas of <c>GET /events/{type}</c>
/// are made from it.
/// </summary>
/// <param name="Specversion">1.0.</param>
/// <param name="Id">The same on every channel.</param>
/// <param name="Source">The hub's notification service.</param>
/// <param name="Type">One of the catalogue.</param>
/// <param name="Time">When the news was made; of a restricted child the day.</param>
/// <param name="Subject">The alert that it is about.</param>
/// <param name="Dataref">Where that is read.</param>
/// <param name="Datacontenttype">application/json.</param>
/// <param name="Synthetic">True in a test event, and only there: nobody was seen anywhere.</param>
/// <param name="Data">What it says.</param>
internal sealed record CloudEvent<TData>(
    string Specversion,
    string Id,
    string Source,
    string Type,
    DateTimeOffset Time,
    Guid? Subject,
    string? Dataref,
    string Datacontenttype,
    bool? Synthetic,
    TData Data
);

/// <summary>Another endpoint of the council fails, or answers again.</summary>
internal sealed record EndpointSignal(
    string CouncilCode,
    string Subscription,
    DateTimeOffset FailingSince,
    AttemptOutcome? Outcome
);

/// <summary>A question for the council's people; nothing of whom or where is in it.</summary>
internal sealed record ReviewSignal(
    Guid ReviewId,
    string CouncilCode,
    long Version,
    DateTimeOffset RaisedAt,
    DateTimeOffset DueAt
);

/// <summary>Neither which child nor which other council: that is read, and each reading is audited.</summary>
internal sealed record RegistrationSignal(Guid RegistrationId, string CouncilCode, DateTimeOffset RegisteredAt);

/// <summary>Whether the council may see where a child is whom another has restricted.</summary>
internal sealed record PlaceAgreementSignal(Guid RegistrationId, string CouncilCode, bool Agreed);

/// <summary>Neither who nor where: that is read with the council's own token.</summary>
internal sealed record LookupSignal(Guid LookupId, string CouncilCode);

/// <summary>Neither who nor which child: the privacy officer reads that at plan-registry.</summary>
internal sealed record BreakGlassSignal(Guid UseId, string Organisation);

/// <summary>
/// A signed root of a service's audit (<see cref="RootForOrganisation"/>), with the proof of the council's own chain.
/// </summary>
internal sealed record AuditRootSignal(
    string CouncilCode,
    string Service,
    long Number,
    DateTimeOffset At,
    string Root,
    string Previous,
    string SignedText,
    string Signature,
    OwnChain? Chain
);

/// <summary>A test.</summary>
internal sealed record TestSignal(string CouncilCode);
