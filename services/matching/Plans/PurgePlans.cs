using Npgsql;
using Safeguarding.Hosting;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Plans;

/// <summary>
/// Erases who a plan was about 12 months after its end, as plan-registry does: the row stays, with its versions, so
/// that an older event is known as one.
/// </summary>
internal sealed partial class PurgePlans(NpgsqlDataSource source, TimeProvider clock, ILogger<PurgePlans> logger)
    : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    // While these are erased no encounter is decided.
    private const int AtOnce = 200;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var yearAgo = Clock.Today().AddMonths(-12);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        int erased,
            plans = 0;
        do
        {
            erased = await EraseAsync(connection, yearAgo, cancellationToken);
            plans += erased;
        } while (erased == AtOnce);

        await using var pairs = new NpgsqlBatch(connection);
        pairs.Add(
            """
            DELETE FROM matching.plan_pair WHERE registered_at < $1 AND EXISTS (SELECT FROM matching.plan
                WHERE plan_id IN (registered_plan_id, held_plan_id) AND subject IS NULL)
            """,
            Clock.GetUtcNow().AddMonths(-12)
        );
        await pairs.ExecuteNonQueryAsync(cancellationToken);
        if (plans > 0)
            Erased(Logger, plans);
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    private static async Task<int> EraseAsync(
        NpgsqlConnection connection,
        DateOnly yearAgo,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        // As for any change of a plan: decision 9.
        batch.Add("LOCK TABLE matching.plan_or_encounter IN SHARE MODE");
        batch.Add(
            """
            WITH over AS (
                SELECT plan_id FROM matching.plan WHERE end_date < $1 AND subject IS NOT NULL
                ORDER BY plan_id LIMIT $2 FOR UPDATE),
            unkeyed AS (DELETE FROM matching.plan_key USING over WHERE plan_key.plan_id = over.plan_id)
            UPDATE matching.plan SET subject = NULL, subject_key = NULL, keys = NULL, aliases = NULL,
                aliases_key = NULL, change = nextval('matching.plan_change')
            FROM over WHERE plan.plan_id = over.plan_id RETURNING 1
            """,
            yearAgo,
            AtOnce
        );
        int erased;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
            erased = (await reader.ReadAsync(_ => 1, cancellationToken)).Count;
        await transaction.CommitAsync(CancellationToken.None);
        return erased;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Erased the personal data of {Plans} plans that ended a year ago"
    )]
    private static partial void Erased(ILogger logger, int plans);
}
