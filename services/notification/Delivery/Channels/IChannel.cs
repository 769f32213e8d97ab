using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Channels;

/// <summary>
/// A way to a council. One more way is one more class and one registration in <c>ChannelRegistration</c>: rows,
/// retries, lanes, parking, withdrawal, histories and reports are the same for all of them.
/// </summary>
internal interface IChannel
{
    /// <summary>How subscriptions name it.</summary>
    string Kind { get; }

    /// <summary>Whether each subscription numbers its events, so that a receiver sees a gap.</summary>
    bool CountsEvents { get; }

    /// <returns>Null where the subscription can be honoured, otherwise the field that stands in the way.</returns>
    FieldError? Validate(Subscription subscription);

    /// <summary>
    /// What goes out, to the byte; fixed here, however often it is sent. Null where this channel has no word
    /// for such a notice.
    /// </summary>
    ChannelMessage? Compose(Subscription subscription, Notice notice, DateTimeOffset now);

    /// <summary>What an attempt's record may say of an address.</summary>
    string Shown(string address);

    /// <summary>One attempt, bounded in time and in what is read of the answer.</summary>
    Task<Answer> SendAsync(Outgoing message, CancellationToken cancellationToken);
}

/// <param name="Body">The bytes.</param>
/// <param name="IsSealed">The bytes say where a child is, or hold a council's link, so they are sealed at rest.</param>
internal sealed record ChannelMessage(byte[] Body, bool IsSealed = false);

/// <summary>A message on its way out.</summary>
/// <param name="Id">Constant over repeats: the receiver's key against them.</param>
/// <param name="To">The endpoint.</param>
/// <param name="Body">The bytes.</param>
internal sealed record Outgoing(string Id, Recipient To, byte[] Body);

/// <summary>The channels that this hub offers, by their names.</summary>
internal sealed class ChannelCatalogue(IEnumerable<IChannel> channels)
{
    private readonly Dictionary<string, IChannel> _channels = channels.ToDictionary(
        channel => channel.Kind,
        StringComparer.Ordinal
    );

    public IEnumerable<string> Kinds => _channels.Keys.Order(StringComparer.Ordinal);

    public IChannel this[string kind] => _channels[kind];

    public IChannel? Find(string kind) => _channels.GetValueOrDefault(kind);
}
