using Hl7.Fhir.Serialization;
using Microsoft.Extensions.Options;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery.Channels.Webhook;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Channels.Fhir;

/// <summary>
/// Notifications of a FHIR R4 Subscription, posted to its rest-hook. They carry the same signature as
/// webhooks.
/// </summary>
internal sealed class FhirChannel(
    EndpointCaller caller,
    SignatureHeaders signature,
    Sealer sealer,
    IOptions<WebhookOptions> webhooks,
    PublicAddress address,
    TimeProvider clock
) : IChannel
{
    public const string Name = "fhir";
    public const string MediaType = "application/fhir+json";

    public string Kind => Name;

    public bool CountsEvents => true;

    public FieldError? Validate(Subscription subscription) =>
        EndpointUrl.Validate(subscription.Address, webhooks.Value) is { } error
            ? new FieldError("Subscription.channel.endpoint", error)
            : null;

    public ChannelMessage? Compose(Subscription subscription, Notice notice, DateTimeOffset now) =>
        notice switch
        {
            // A test must not count as one of the subscription's events.
            Notice.OfAlert { IsSynthetic: false } of => OfAlert(subscription, of, now),
            Notice.Handshake => OfNoEvent("handshake", subscription, now),
            Notice.Heartbeat or Notice.Test => OfNoEvent("heartbeat", subscription, now),
            _ => null,
        };

    public string Shown(string address) => EndpointUrl.Shown(address);

    public Task<Answer> SendAsync(Outgoing message, CancellationToken cancellationToken)
    {
        IEnumerable<KeyValuePair<string, string>> own = message.To.Headers is { } headers
            ? sealer.Open(headers).Lines
            : [];
        var current = message with
        {
            Body = NotificationBundle.Restate(message.Body, message.To.Health, clock.GetUtcNow()),
        };
        return caller.PostAsync(
            current.To,
            current.Body,
            MediaType,
            [.. own, .. signature.For(current)],
            cancellationToken
        );
    }

    private ChannelMessage OfAlert(Subscription subscription, Notice.OfAlert notice, DateTimeOffset now)
    {
        var full = subscription.Payload is PayloadKind.Full;
        if (notice.Alert.IsRestricted)
            now = now.DayOnly();
        var status = NotificationBundle.Status(
            subscription,
            "event-notification",
            notice.Number,
            [new NotifiedEvent(notice.Number, now, notice.Alert.Id)],
            address,
            now
        );
        var bundle = NotificationBundle.Of(
            status,
            SubscriptionUrl(subscription),
            now,
            full ? [AlertCommunication.Of(notice.View(), notice.Alert.CouncilCode)] : [],
            address
        );
        bundle.Identifier = new Hl7.Fhir.Model.Identifier("https://safeguarding-hub.uk/fhir/event", notice.Id);
        return new ChannelMessage(FhirJsonSerializer.Default.SerializeToBytes(bundle), IsSealed: full);
    }

    private ChannelMessage OfNoEvent(string type, Subscription subscription, DateTimeOffset now)
    {
        var status = NotificationBundle.Status(subscription, type, subscription.LastEventNumber, [], address, now);
        return new ChannelMessage(
            FhirJsonSerializer.Default.SerializeToBytes(
                NotificationBundle.Of(status, SubscriptionUrl(subscription), now, [], address)
            )
        );
    }

    private string SubscriptionUrl(Subscription subscription) =>
        address.UrlOf($"/fhir/Subscription/{subscription.Name}");
}
