namespace Safeguarding.Notification.Delivery.Channels;

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
