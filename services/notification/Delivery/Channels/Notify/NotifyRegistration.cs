using Microsoft.Extensions.Options;

namespace Safeguarding.Notification.Delivery.Channels.Notify;

internal static class NotifyRegistration
{
    public static void AddNotifyChannels(this IServiceCollection services)
    {
        services
            .AddOptions<NotifyOptions>()
            .BindConfiguration(NotifyOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<NotifyClient>();
        foreach (var kind in new[] { NotifyChannel.Email, NotifyChannel.Sms })
        {
            services.AddSingleton<IChannel>(provider => new NotifyChannel(
                kind,
                provider.GetRequiredService<IOptions<NotifyOptions>>(),
                provider.GetRequiredService<NotifyClient>()
            ));
        }
    }
}
