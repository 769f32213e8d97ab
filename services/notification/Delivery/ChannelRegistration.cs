using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Delivery.Channels.Fhir;
using Safeguarding.Notification.Delivery.Channels.Notify;
using Safeguarding.Notification.Delivery.Channels.Webhook;
using Safeguarding.Notification.Delivery.Endpoints;

namespace Safeguarding.Notification.Delivery;

internal static class ChannelRegistration
{
    public static void AddChannels(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<EndpointCaller>();
        services.AddSingleton<ChannelCatalogue>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<SignatureHeaders>();
        services.AddSingleton<IChannel, WebhookChannel>();
        services.AddSingleton<FhirChannel>();
        services.AddSingleton<IChannel>(provider => provider.GetRequiredService<FhirChannel>());
        services.AddNotifyChannels();
    }
}
