using Safeguarding.Hosting.Hours;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery;

internal static class DeliveryRegistration
{
    public static void AddDelivery(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services
            .AddOptions<WebhookOptions>()
            .BindConfiguration(WebhookOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<DeliverySignal>();
        services.AddSingleton<DeliveryNotifyInterceptor>();
        services.ConfigureDbContext<NotificationDb>(
            (provider, db) => db.AddInterceptors(provider.GetRequiredService<DeliveryNotifyInterceptor>())
        );
        services.AddSingleton<DispatchLanes>();
        services.AddSingleton(provider => new NewDeliveries(
            provider.GetRequiredService<ChannelCatalogue>(),
            provider.GetRequiredService<Sealer>(),
            provider.GetRequiredService<BankHolidays>()
        ));
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<AlertCourier>();
        services.AddSingleton<AttemptRecorder>();
        // The recorder before the dispatcher, so that on the way down it stops after it.
        services.AddHostedService(provider => provider.GetRequiredService<AttemptRecorder>());
        services.AddHostedService<Dispatcher>();
        services.AddHostedService<FailOverDeliveries>();
        services.AddHostedService<ReportEndpoints>();
        services.AddHostedService<SendHeartbeats>();
        services.AddSingleton<NewestAuditRoots>();
        services.AddHostedService<SendAuditRoots>();
    }
}
