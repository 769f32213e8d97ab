namespace Safeguarding.Notification.Storage.Retention;

internal static class RetentionRegistration
{
    public static void AddRetention(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<RetentionOptions>()
            .BindConfiguration(RetentionOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddHostedService<PurgeOld>();
        builder.Services.AddHostedService<PurgeAttendances>();
    }
}
