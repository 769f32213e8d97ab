using Npgsql;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Plans;

/// <summary>
/// Counts, by council, the plans of the last 30 days by which it registered a child whom another council had: many may
/// be somebody looking for children.
/// </summary>
internal sealed class CountRegistrations(
    NpgsqlDataSource source,
    TimeProvider clock,
    ILogger<CountRegistrations> logger
) : RecurringWork(TimeSpan.FromMinutes(5), clock, logger)
{
    internal const int Days = 30;

    internal async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            """
            SELECT registered_by, count(DISTINCT registered_plan_id)::int FROM matching.plan_pair
            WHERE registered_at >= $1 GROUP BY registered_by
            """,
            Clock.GetUtcNow().AddDays(-Days)
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return (
            await reader.ReadAsync(row => (Council: row.GetString(0), Plans: row.GetInt32(1)), cancellationToken)
        ).ToDictionary(row => row.Council, row => row.Plans);
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken) =>
        MatchingMetrics.HeldByOthers = await CountAsync(cancellationToken);
}
