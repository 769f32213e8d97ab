namespace Safeguarding.Notification.Feed;

internal static class FeedHosting
{
    public static void AddFeed(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FeedSignal>();
        builder.Services.AddSingleton<LongPollSlots>();
    }
}
