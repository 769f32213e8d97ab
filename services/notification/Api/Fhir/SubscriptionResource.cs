using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery.Channels.Fhir;
using Safeguarding.Notification.Delivery.Channels.Webhook;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Subscriptions;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Api.Fhir;

/// <summary>
/// A subscription in the words of R4 and the backport guide. What the hub does not do is refused by name,
/// never taken and ignored.
/// </summary>
internal static class SubscriptionResource
{
    private const int ShortestHeartbeat = 30;
    private const int LongestHeartbeat = 86_400;
    private const int MostHeaders = 10;
    private const int LongestHeader = 2000;

    /// <summary>
    /// Stands for the value of a header, which is never shown; given back, it keeps the value that the hub
    /// has.
    /// </summary>
    private const string NotShown = "(not shown)";
    private static readonly string[] HubsOwnHeaders =
    [
        "host",
        "content-type",
        "content-length",
        "transfer-encoding",
        "connection",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "traceparent",
        "tracestate",
    ];

    /// <param name="subscription">Which.</param>
    /// <param name="sealer">Opens its secret and its headers.</param>
    /// <param name="now">When.</param>
    /// <param name="secret">The shared secret, shown once, where it was just made.</param>
    public static R4.Subscription Of(
        Subscription subscription,
        Sealer sealer,
        DateTimeOffset now,
        string? secret = null
    )
    {
        var payload = new R4.Code(FhirAnswer.MediaType);
        payload.Extension.Add(
            new R4.Extension(
                Backport.PayloadContent,
                new R4.Code(subscription.Payload is PayloadKind.Full ? Backport.FullResource : Backport.IdOnly)
            )
        );
        var channel = new R4.Subscription.ChannelComponent
        {
            Type = R4.Subscription.SubscriptionChannelType.RestHook,
            Endpoint = subscription.Address,
            PayloadElement = payload,
        };
        if (subscription.HeartbeatSeconds is { } heartbeat)
            channel.Extension.Add(new R4.Extension(Backport.HeartbeatPeriod, new R4.UnsignedInt(heartbeat)));
        if (WebhookSignature.PublicKeyOf(sealer.Open(subscription.Secret)) is { } publicKey)
            channel.Extension.Add(new R4.Extension(Backport.WebhookPublicKey, new R4.FhirString(publicKey)));
        if (secret is not null)
            channel.Extension.Add(new R4.Extension(Backport.WebhookSecret, new R4.FhirString(secret)));
        if (subscription.Headers is { } headers)
            channel.Header = [.. sealer.Open(headers).Lines.Keys.Select(name => $"{name}: {NotShown}")];
        return new R4.Subscription
        {
            Id = subscription.Name,
            Meta = new R4.Meta { Profile = [Backport.SubscriptionProfile], LastUpdated = subscription.ChangedAt },
            StatusElement = new R4.Code<R4.Subscription.SubscriptionStatus>
            {
                JsonValue = SubscriptionStatus.Code(subscription.Health, now),
            },
            End = subscription.EndsAt,
            Reason = "Safeguarding alerts",
            Criteria = Backport.Topic,
            Error = SubscriptionStatus.Error(subscription.Health),
            Channel = channel,
        };
    }

    /// <summary>
    /// What is asked for, or every reason why it cannot be. What the hub itself has shown of the subscription
    /// it takes back.
    /// </summary>
    /// <param name="resource">As it was sent.</param>
    /// <param name="stored">As it is; null where it is to be made.</param>
    /// <param name="sealer">Opens its secret and its headers.</param>
    /// <param name="hubWaits">For how long the hub waits for an answer.</param>
    /// <param name="now">When.</param>
    public static (RequestedSubscription? Requested, List<FhirError> Errors) Read(
        R4.Subscription resource,
        Subscription? stored,
        Sealer sealer,
        TimeSpan hubWaits,
        DateTimeOffset now
    )
    {
        var secret = stored is null ? null : sealer.Open(stored.Secret);
        List<FhirError> errors = [];
        void Refuse(R4.OperationOutcome.IssueType code, string path, string message) =>
            errors.Add(new FhirError(code, path, message));
        const R4.OperationOutcome.IssueType NotSupported = R4.OperationOutcome.IssueType.NotSupported,
            Value = R4.OperationOutcome.IssueType.Value,
            Required = R4.OperationOutcome.IssueType.Required;

        if (resource.Criteria != Backport.Topic)
            Refuse(NotSupported, "Subscription.criteria", $"The one topic is {Backport.Topic}.");
        if (resource.CriteriaElement?.Extension.Count > 0)
        {
            Refuse(
                NotSupported,
                "Subscription.criteria.extension",
                "There are no filters: a council is notified of each alert of its own."
            );
        }

        if (resource.End <= now && resource.End.AsStored() != stored?.EndsAt)
            Refuse(Value, "Subscription.end", "It must lie in the future.");
        if (resource.ModifierExtension.Count > 0)
            Refuse(NotSupported, "Subscription.modifierExtension", "The hub knows no modifier of a subscription.");
        if (resource.Channel is not { } channel)
        {
            Refuse(Required, "Subscription.channel", "It says where to post.");
            return (null, errors);
        }
        if (channel.Type is not R4.Subscription.SubscriptionChannelType.RestHook)
            Refuse(NotSupported, "Subscription.channel.type", "Only rest-hook is offered.");
        if (channel.TypeElement?.Extension.Count > 0)
            Refuse(NotSupported, "Subscription.channel.type.extension", "Only rest-hook is offered.");
        if (string.IsNullOrEmpty(channel.Endpoint))
            Refuse(Required, "Subscription.channel.endpoint", "A rest-hook needs its URL.");
        if (channel.Payload != FhirAnswer.MediaType)
            Refuse(NotSupported, "Subscription.channel.payload", $"Only {FhirAnswer.MediaType} is offered.");
        var content = (
            channel.PayloadElement?.Extension.Find(extension => extension.Url == Backport.PayloadContent)?.Value
            as R4.Code
        )?.Value;
        if (content is not (Backport.IdOnly or Backport.FullResource))
        {
            Refuse(
                NotSupported,
                "Subscription.channel.payload.extension",
                $"backport-payload-content must be {Backport.IdOnly} or {Backport.FullResource}."
            );
        }

        int? heartbeat = null;
        foreach (var extension in channel.Extension)
        {
            switch (extension.Url)
            {
                case Backport.HeartbeatPeriod
                    when extension.Value
                        is R4.UnsignedInt { Value: >= ShortestHeartbeat and <= LongestHeartbeat } seconds:
                    heartbeat = seconds.Value;
                    break;
                case Backport.HeartbeatPeriod:
                    Refuse(
                        Value,
                        "Subscription.channel.extension",
                        $"backport-heartbeat-period must be {ShortestHeartbeat} to {LongestHeartbeat} seconds."
                    );
                    break;
                case Backport.WebhookPublicKey
                    when secret is not null
                        && (extension.Value as R4.FhirString)?.Value == WebhookSignature.PublicKeyOf(secret):
                case Backport.WebhookSecret
                    when secret is not null && (extension.Value as R4.FhirString)?.Value == secret.Text:
                    break;
                case Backport.WebhookPublicKey or Backport.WebhookSecret:
                    Refuse(
                        Value,
                        "Subscription.channel.extension",
                        "The hub makes the keys: send them as they were shown last, or leave them out."
                    );
                    break;
                case Backport.Timeout
                    when extension.Value is R4.UnsignedInt { Value: { } seconds } && seconds >= hubWaits.TotalSeconds:
                case Backport.MaxCount when extension.Value is R4.PositiveInt:
                    break;
                case Backport.Timeout:
                    Refuse(
                        NotSupported,
                        "Subscription.channel.extension",
                        $"backport-timeout: the hub waits {hubWaits.TotalSeconds:0} seconds for an answer, never less."
                    );
                    break;
                default:
                    Refuse(
                        NotSupported,
                        "Subscription.channel.extension",
                        "The hub does not know this extension of a channel."
                    );
                    break;
            }
        }
        var headers = Headers(
            [.. channel.Header.OfType<string>()],
            stored?.Headers is { } lines ? sealer.Open(lines).Lines : null,
            Refuse
        );
        return errors.Count > 0
            ? (null, errors)
            : (
                new RequestedSubscription(
                    channel.Endpoint!,
                    content is Backport.FullResource ? PayloadKind.Full : PayloadKind.Thin,
                    resource.Status is not R4.Subscription.SubscriptionStatus.Off,
                    heartbeat,
                    resource.End,
                    headers
                ),
                errors
            );
    }

    private static Dictionary<string, string> Headers(
        List<string> lines,
        IReadOnlyDictionary<string, string>? stored,
        Action<R4.OperationOutcome.IssueType, string, string> refuse
    )
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (lines.Count > MostHeaders)
        {
            refuse(
                R4.OperationOutcome.IssueType.TooLong,
                "Subscription.channel.header",
                $"At most {MostHeaders} headers."
            );
        }

        foreach (var (line, i) in lines.Take(MostHeaders).Select((line, i) => (line, i)))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 1 ? ("", "") : (line[..colon].Trim(), line[(colon + 1)..].Trim());
            if (
                value == NotShown
                && stored?.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value
                    is { } kept
            )
            {
                value = kept;
            }
            else if (value == NotShown)
            {
                value = "";
            }

            if (
                name.Length == 0
                || value.Length == 0
                || line.Length > LongestHeader
                || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                || value.Any(c => c is < ' ' or > '~')
            )
            {
                refuse(
                    R4.OperationOutcome.IssueType.Value,
                    $"Subscription.channel.header[{i}]",
                    "A header is written Name: value, in printable ASCII, in at most 2000 characters."
                );
            }
            else if (
                HubsOwnHeaders.Contains(name.ToLowerInvariant())
                || name.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)
                || !headers.TryAdd(name, value)
            )
            {
                refuse(
                    R4.OperationOutcome.IssueType.BusinessRule,
                    $"Subscription.channel.header[{i}]",
                    "This header is the hub's own, or comes twice."
                );
            }
        }
        return headers;
    }
}

/// <summary>What a council asks for in a Subscription that the hub can honour.</summary>
internal sealed record RequestedSubscription(
    string Endpoint,
    PayloadKind Payload,
    bool Enabled,
    int? HeartbeatSeconds,
    DateTimeOffset? EndsAt,
    IReadOnlyDictionary<string, string> Headers
);
