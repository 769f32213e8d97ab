using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Lookup;

/// <summary>
/// Fills the indexes before the consumers start, and keeps them near their tables, so that whoever asks has
/// little to read first.
/// </summary>
internal sealed partial class FollowKeys(
    NpgsqlDataSource source,
    PlanKeys plans,
    EncounterKeys encounters,
    TimeProvider clock,
    ILogger<FollowKeys> logger
) : RecurringWork(TimeSpan.FromSeconds(1), clock, logger), IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var began = Clock.GetTimestamp();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await plans.LoadAsync(connection, cancellationToken);
        await encounters.LoadAsync(connection, cancellationToken);
        var (held, seen, milliseconds) = (
            plans.Rows,
            encounters.Rows,
            (long)Clock.GetElapsedTime(began).TotalMilliseconds
        );
        Filled(Logger, held, seen, milliseconds);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // What is not followed while the database is unavailable is read by whoever asks.
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await plans.FollowAsync(connection, cancellationToken);
        await encounters.FollowAsync(connection, cancellationToken);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The look-up holds {Plans} plans and {Encounters} encounters, read in {Milliseconds} ms"
    )]
    private static partial void Filled(ILogger logger, int plans, int encounters, long milliseconds);
}
