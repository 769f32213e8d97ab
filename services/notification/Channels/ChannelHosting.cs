using Safeguarding.Notification.Channels.Fhir;
using Safeguarding.Notification.Channels.Notify;
using Safeguarding.Notification.Channels.Webhook;

namespace Safeguarding.Notification.Channels;

internal static class ChannelHosting
{
    public static void AddChannels(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<EndpointCaller>();
        services.AddSingleton<ChannelCatalogue>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<SignatureHeaders>();
        services.AddSingleton<IChannel, WebhookChannel>();
        services.AddFhirChannel();
        services.AddNotifyChannels();
    }
}

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
