using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.Assertions;

/// <summary>
/// Deletes what could not be used again anyway, so that the table stays as small as five minutes of
/// traffic.
/// </summary>
internal sealed partial class PurgeUsedAssertions(
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<PurgeUsedAssertions> logger
) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(5);

    // Another instance's clock may be behind this one's.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PurgeAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                TriedInVain(logger, exception.SqlState ?? exception.GetType().Name);
            }
        }
    }

    internal async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var before = clock.GetUtcNow() - Margin;
        return await scope
            .ServiceProvider.GetRequiredService<IdentityDb>()
            .UsedAssertions.Where(used => used.ForgetAt < before)
            .ExecuteDeleteAsync(cancellationToken);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Used assertions could not be deleted ({Fault}); tried again in five minutes"
    )]
    private static partial void TriedInVain(ILogger logger, string fault);
}
