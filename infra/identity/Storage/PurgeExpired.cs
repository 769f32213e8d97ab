using Microsoft.EntityFrameworkCore;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Identity.Storage;

/// <summary>
/// Deletes what could not be used again anyway, so that the tables stay as small as the traffic of some minutes.
/// </summary>
internal sealed partial class PurgeExpired(
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<PurgeExpired> logger
) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(5);

    // Another instance's clock may be behind this one's.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    // Longer than the idle time, after which its last refresh token is not accepted.
    private static readonly TimeSpan SessionsKept = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PurgeAsync(stoppingToken);
            }
            catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
            {
                TriedInVain(logger, TransientFaults.Name(exception));
            }
        }
    }

    internal async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var before = clock.GetUtcNow() - Margin;
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        await db.PushedRequests.Where(row => row.PurgeAt < before).ExecuteDeleteAsync(cancellationToken);
        await db.Revocations.Where(row => row.PurgeAt < before).ExecuteDeleteAsync(cancellationToken);
        // No code and no refresh token of it is left, so nothing can begin it again.
        var unused = before - SessionsKept;
        await db.Sessions.Where(row => row.UsedAt < unused).ExecuteDeleteAsync(cancellationToken);
        return await db.UsedAssertions.Where(row => row.PurgeAt < before).ExecuteDeleteAsync(cancellationToken);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Could not delete expired rows ({Error}); trying again in five minutes"
    )]
    private static partial void TriedInVain(ILogger logger, string error);
}
