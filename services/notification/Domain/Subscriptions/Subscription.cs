using System.Net;
using System.Text.Json.Serialization;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Domain.Subscriptions;

/// <summary>
/// A way in which a council wants to be notified of its alerts. Only the council switches it off, never the
/// hub.
/// </summary>
internal sealed class Subscription
{
    /// <summary>The channel where none is named.</summary>
    public const string UsualChannel = "webhook";

    public required Guid Id { get; init; }
    public required string CouncilCode { get; init; }

    /// <summary>The council's own name for it; the id in the routes.</summary>
    public required string Name { get; init; }

    /// <summary>Which channel; a channel's <c>Kind</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>Where: a URL, an e-mail address or a telephone number.</summary>
    public required string Address { get; set; }

    public PayloadKind Payload { get; set; }

    /// <summary>The types of events that it is sent; null: all but roots of the audit, those to come too.</summary>
    public string[]? Types { get; set; }

    /// <summary>While false, deliveries are kept and none is tried.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// Receives nothing by itself: only what another channel could not deliver, or what a rule sends
    /// there.
    /// </summary>
    public bool Standby { get; set; }

    /// <summary>Where the council's people open an alert; <c>{alert}</c> in it becomes the alert's id.</summary>
    public string? Link { get; set; }

    public required string SecretKeyId { get; set; }
    public required byte[] SecretValue { get; set; }

    /// <summary>
    /// Secrets before the last rotations, the newest first, each signing beside the new one until the end that
    /// was promised for it.
    /// </summary>
    public List<FormerSecret> FormerSecrets { get; set; } = [];

    /// <summary>Headers that the council wants with each request, sealed.</summary>
    public string? HeadersKeyId { get; set; }
    public byte[]? HeadersValue { get; set; }

    /// <summary>Nothing but the handshake is sent until the endpoint has answered it.</summary>
    public bool AwaitsHandshake { get; set; }

    /// <summary>How often the endpoint wants a sign of life, where it wants one.</summary>
    public int? HeartbeatSeconds { get; set; }
    public DateTimeOffset? NextHeartbeatAt { get; set; }

    /// <summary>When the council wants it to end.</summary>
    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>How many events it has been sent, where its channel counts them.</summary>
    public long LastEventNumber { get; set; }

    /// <summary>Since when its endpoint fails, as the attempts say; null while it answers.</summary>
    public DateTimeOffset? FailingSince { get; set; }
    public AttemptOutcome? FailingOutcome { get; set; }

    /// <summary>Grows each time that the endpoint is fixed; what held it back before has then no say.</summary>
    public long EndpointEpoch { get; set; }

    /// <summary>When an answer after failures last made due what waits.</summary>
    public DateTimeOffset? WaitingSentAt { get; set; }

    /// <summary>The failure that was reported last and not yet its end.</summary>
    public DateTimeOffset? ReportedFailingSince { get; set; }
    public DateTimeOffset? ReportedAt { get; set; }

    /// <summary>
    /// Private networks that an operator opened for this endpoint, and the host that they were opened
    /// for.
    /// </summary>
    public string[]? PrivateNetworks { get; set; }
    public string? PrivateNetworksHost { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ChangedAt { get; set; }

    public Sealed<SigningSecret> Secret => new(SecretKeyId, SecretValue);

    /// <summary>
    /// Whether it is sent events of a type. A withdrawal goes to whoever has received its alert, whatever is wanted
    /// by then; roots of the audit, several an hour, to who names them.
    /// </summary>
    public bool Takes(string eventType) =>
        Types is null
            ? eventType != AlertSignalTypes.AuditRoot
            : eventType == AlertSignalTypes.Withdrawn || Types.Contains(eventType);

    public SubscriptionHealth Health => new(Enabled, EndsAt, AwaitsHandshake, FailingSince, FailingOutcome);

    public Sealed<CouncilHeaders>? Headers =>
        HeadersKeyId is null || HeadersValue is null ? null : new Sealed<CouncilHeaders>(HeadersKeyId, HeadersValue);

    /// <summary>An exception that was granted for one host is not the next one's.</summary>
    public IReadOnlyList<IPNetwork> PrivateNetworksInForce =>
        PrivateNetworks is null || PrivateNetworksHost != HostOf(Address)
            ? []
            : [.. PrivateNetworks.Select(text => IPNetwork.Parse(text))];

    /// <summary>Host and port; null where the address is no URL.</summary>
    public static string? HostOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.Authority : null;

    public void Rotate(Sealed<SigningSecret> secret, DateTimeOffset now, TimeSpan overlap)
    {
        FormerSecrets =
        [
            .. FormerSecret.InForce([new FormerSecret(SecretKeyId, SecretValue, now + overlap), .. FormerSecrets], now),
        ];
        (SecretKeyId, SecretValue) = (secret.KeyId, secret.Value);
        ChangedAt = now;
    }
}

/// <summary>A secret that was rotated away and still signs.</summary>
/// <param name="KeyId">What seals it.</param>
/// <param name="Value">The sealed <see cref="SigningSecret"/>.</param>
/// <param name="Until">Until when it signs.</param>
internal sealed record FormerSecret(string KeyId, byte[] Value, DateTimeOffset Until)
{
    [JsonIgnore]
    public Sealed<SigningSecret> Sealed => new(KeyId, Value);

    public static IReadOnlyList<FormerSecret> InForce(IEnumerable<FormerSecret> secrets, DateTimeOffset now) =>
        [.. secrets.Where(secret => secret.Until > now)];
}

/// <summary>How a subscription stands, as far as its receiver may know.</summary>
/// <param name="Enabled">False while the council has switched it off.</param>
/// <param name="EndsAt">When the council wants it to end.</param>
/// <param name="AwaitsHandshake">The endpoint has yet to answer.</param>
/// <param name="FailingSince">Since when the endpoint fails; null while it answers.</param>
/// <param name="FailingOutcome">How.</param>
internal sealed record SubscriptionHealth(
    bool Enabled,
    DateTimeOffset? EndsAt,
    bool AwaitsHandshake,
    DateTimeOffset? FailingSince,
    AttemptOutcome? FailingOutcome
);

internal enum PayloadKind
{
    /// <summary>Only that there is news; the alert is then read with the council's own token.</summary>
    Thin,

    /// <summary>The alert itself.</summary>
    Full,
}

/// <summary>What signs for a subscription.</summary>
/// <param name="Text">The shared secret in the form in which the council was shown it.</param>
/// <param name="PrivateKey">An Ed25519 seed, base64, that never leaves the hub; null in subscriptions older than
/// it.</param>
[SealedAs("Safeguarding.Notification.Subscriptions.SigningSecret")]
internal sealed record SigningSecret(string Text, string? PrivateKey = null)
{
    public override string ToString() => nameof(SigningSecret);
}

/// <summary>Headers that a council wants with each request; they may hold its own credentials.</summary>
[SealedAs("Safeguarding.Notification.Channels.CouncilHeaders")]
internal sealed record CouncilHeaders(IReadOnlyDictionary<string, string> Lines)
{
    public override string ToString() => nameof(CouncilHeaders);
}
