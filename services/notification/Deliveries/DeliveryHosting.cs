using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Storage;
using Safeguarding.Notification.Subscriptions;

namespace Safeguarding.Notification.Deliveries;

internal static class DeliveryHosting
{
    public static void AddWebhookDelivery(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DeliverySignal>();
        services.AddSingleton<DeliveryWakeUp>();
        services.ConfigureDbContext<NotificationDb>((provider, db) => db.AddInterceptors(provider.GetRequiredService<DeliveryWakeUp>()));
        services.AddSingleton<DispatchLanes>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<AlertCourier>();
        services.AddSingleton<AttemptRecorder>();
        // The recorder before the dispatcher, so that on the way down it stops after it.
        services.AddHostedService(provider => provider.GetRequiredService<AttemptRecorder>());
        services.AddHostedService<Dispatcher>();
    }
}
