using Safeguarding.Notification.Delivery;

namespace Safeguarding.Notification.Api.Alerts;

internal static class FeedRegistration
{
    public static void AddFeed(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FeedSignal>();
        builder.Services.AddSingleton<LongPollSlots>();
    }
}
