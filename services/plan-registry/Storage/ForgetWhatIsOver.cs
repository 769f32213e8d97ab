using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Plans;

namespace Safeguarding.PlanRegistry.Storage;

/// <summary>Erases what nobody may be shown any more: plans 12 months after their end or deletion, the lines of reports after 90 days.</summary>
internal sealed partial class ForgetWhatIsOver(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ForgetWhatIsOver> logger) : BackgroundService
{
    private const int ReportDays = 90;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await ForgetAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanRegistryDb>();
        var now = clock.GetUtcNow();
        var (earliestEnd, yearAgo, reportsSince) = (Plan.EarliestShownEnd(England.Day(now)), now.AddMonths(-12), now.AddDays(-ReportDays));
        var plans = await db.Plans
            .Where(plan => plan.EndDate < earliestEnd || plan.DeletedAt < yearAgo)
            .ExecuteDeleteAsync(cancellationToken);
        var lines = await db.StagedLines
            .Where(line => db.Uploads.Any(upload => upload.Id == line.UploadId && upload.FinishedAt < reportsSince))
            .ExecuteDeleteAsync(cancellationToken);
        if (plans + lines > 0)
            Forgot(logger, plans, lines);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Forgot {Plans} plans and {Lines} lines of reports")]
    private static partial void Forgot(ILogger logger, int plans, int lines);

    [LoggerMessage(Level = LogLevel.Error, Message = "What is over could not be erased; it is tried again within the hour")]
    private static partial void Failed(ILogger logger, Exception exception);
}
