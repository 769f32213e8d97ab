using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>
/// Makes the days' partitions of encounter_version ahead of time, and drops those that retention has
/// ended.
/// </summary>
internal sealed class Partitions(NpgsqlDataSource source, TimeProvider clock)
{
    private const string Table = $"{EncounterIngestDb.SchemaOfService}.encounter_version";
    private const int DaysAhead = 7;

    public async Task CreateAheadAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await using var batch = source.CreateBatch();
        // Two replicas that make one table at once would both fail.
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_advisory_xact_lock(hashtext('{Table}'))"));
        for (var day = today.AddDays(-1); day <= today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            batch.BatchCommands.Add(OfDay("make_day", day));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>How many days were dropped.</returns>
    public async Task<int> DropBeforeAsync(DateOnly firstKept, CancellationToken cancellationToken)
    {
        var ended = new List<DateOnly>();
        await using (
            var command = source.CreateCommand(
                """
                SELECT child.relname FROM pg_inherits
                JOIN pg_class child ON child.oid = inhrelid
                WHERE inhparent = @parent::regclass
                """
            )
        )
        {
            command.Parameters.AddWithValue("parent", Table);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var name = reader.GetString(0);
                if (
                    DateOnly.TryParseExact(name.AsSpan(name.LastIndexOf('_') + 1), "yyyyMMdd", out var day)
                    && day < firstKept
                )
                {
                    ended.Add(day);
                }
            }
        }

        foreach (var day in ended)
        {
            // Waiting for the lock would hold up every insert behind it; the next round tries again.
            await using var batch = source.CreateBatch();
            batch.Add("SET LOCAL lock_timeout = '5s'");
            batch.BatchCommands.Add(OfDay("drop_day", day));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var numbers = source.CreateCommand(
            "DELETE FROM encounter_ingest.local_number WHERE received_at < @first"
        );
        numbers.Parameters.AddWithValue(
            "first",
            new DateTimeOffset(firstKept.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
        );
        await numbers.ExecuteNonQueryAsync(cancellationToken);
        return ended.Count;
    }

    // The owner's functions: the worker role owns no table.
    private static NpgsqlBatchCommand OfDay(string function, DateOnly day) =>
        Sql.Command($"SELECT {EncounterIngestDb.SchemaOfService}.{function}('encounter_version', $1)", day);
}
