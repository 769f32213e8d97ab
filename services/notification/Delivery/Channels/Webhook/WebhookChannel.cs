using Microsoft.Extensions.Options;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

/// <summary>A signed CloudEvent posted to the council's https endpoint.</summary>
internal sealed class WebhookChannel(
    EndpointCaller caller,
    SignatureHeaders signature,
    IOptions<WebhookOptions> options
) : IChannel
{
    public const string Name = Subscription.UsualChannel;

    public string Kind => Name;

    public bool CountsEvents => false;

    public FieldError? Validate(Subscription subscription) =>
        EndpointUrl.Validate(subscription.Address, options.Value) is { } error ? new FieldError("url", error) : null;

    public ChannelMessage? Compose(Subscription subscription, Notice notice, DateTimeOffset now)
    {
        var full = subscription.Payload is PayloadKind.Full;
        return WebhookEvent.Write(notice, full, now) is { } body
            ? new ChannelMessage(body, IsSealed: full && notice is Notice.OfAlert)
            : null;
    }

    public string Shown(string address) => EndpointUrl.Shown(address);

    public Task<Answer> SendAsync(Outgoing message, CancellationToken cancellationToken) =>
        caller.PostAsync(message.To, message.Body, WebhookEvent.ContentType, signature.For(message), cancellationToken);
}
