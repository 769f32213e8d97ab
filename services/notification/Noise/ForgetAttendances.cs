using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Noise;

/// <summary>Forgets attendances after 12 months.</summary>
internal sealed partial class ForgetAttendances(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ForgetAttendances> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var yearAgo = clock.GetUtcNow().AddMonths(-12);
                await scope.ServiceProvider.GetRequiredService<NotificationDb>().PlanAttendances.Where(row => row.At < yearAgo).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(logger, exception.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Old attendances could not be forgotten ({Failure}); it is tried again within the hour")]
    private static partial void Failed(ILogger logger, string failure);
}
