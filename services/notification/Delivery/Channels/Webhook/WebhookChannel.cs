using Microsoft.Extensions.Options;
using Safeguarding.Contracts.Alerts;
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

    public FieldError? Fault(Subscription subscription) =>
        EndpointUrl.Fault(subscription.Address, options.Value) is { } fault ? new FieldError("url", fault) : null;

    public ChannelMessage? Compose(Subscription subscription, News news, DateTimeOffset now) =>
        news switch
        {
            News.OfAlert told when subscription.Payload is PayloadKind.Full => new ChannelMessage(
                WebhookEvent.TypeOf(told.Alert.News),
                WebhookEvent.Full(told.View(), now),
                IsSealed: true
            ),
            News.OfAlert told => new ChannelMessage(
                WebhookEvent.TypeOf(told.Alert.News),
                WebhookEvent.Thin(told.Alert, now)
            ),
            News.OfEndpoint report => WebhookEvent.OfEndpoint(report, now),
            News.OfReview asked => WebhookEvent.OfReview(asked.Review, now),
            News.OfUpload waiting => WebhookEvent.OfUpload(waiting.Upload, now),
            News.Test test => new ChannelMessage(
                AlertSignalTypes.Test,
                WebhookEvent.Test(test.TestId, test.CouncilCode, now)
            ),
            _ => null,
        };

    public string Shown(string address) => EndpointUrl.Shown(address);

    public Task<Answer> SendAsync(Outgoing message, CancellationToken cancellationToken) =>
        caller.PostAsync(message.To, message.Body, WebhookEvent.ContentType, signature.For(message), cancellationToken);
}
