using Npgsql;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Rules.Frequencies;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Names;

/// <summary>
/// Counts by how many people each name is borne among the encounters of the retention window, and gives the count a
/// version. One replica counts, the others read what it found. Plans are never counted.
/// </summary>
internal sealed partial class CountEncounterNames(
    NpgsqlDataSource source,
    NamesLearned learned,
    TimeProvider clock,
    ILogger<CountEncounterNames> logger
) : RecurringWork(Pace, clock, logger), IHostedLifecycleService
{
    private static readonly TimeSpan Pace = TimeSpan.FromHours(1);

    // Two replicas must not count at once.
    private const long Turn = 0x6e616d65_636f756e;

    // Before the consumers start: they decide with it.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await LoadAsync(connection, cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var turn = new NpgsqlBatch(connection))
        {
            turn.Add("SELECT pg_advisory_xact_lock($1)", Turn);
            await turn.ExecuteNonQueryAsync(cancellationToken);
        }

        await LoadAsync(connection, cancellationToken);
        var counted = await CountAsync(connection, cancellationToken);
        // The same names borne by as many are the same count: a version says that something changed.
        if (!AreAlike(counted, learned.Current))
        {
            await WriteAsync(connection, counted, cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            learned.Current = counted;
            Counted(Logger, counted.People, counted.Bearers.Count, counted.Version);
        }
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    private async Task LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT version, people FROM matching.name_count");
        batch.Add("SELECT mac, people FROM matching.name_bearers");
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var of = await reader.ReadAsync(row => (Version: row.GetInt64(0), People: row.GetInt64(1)), cancellationToken);
        var bearers = await reader.ReadAsync(
            row => KeyValuePair.Create(row.GetInt64(0), row.GetInt32(1)),
            cancellationToken
        );
        learned.Current = of is [var count] ? new(count.Version, count.People, bearers.ToDictionary()) : NameCount.None;
    }

    private async Task<NameCount> CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        const string attended = "matching.encounter_fact WHERE bearer IS NOT NULL AND status <> 'EnteredInError'";
        batch.Add($"SELECT count(DISTINCT bearer) FROM {attended}");
        batch.Add(
            $"""
            SELECT mac, count(DISTINCT bearer)::int FROM (SELECT bearer, unnest(names) AS mac FROM {attended}) borne
            GROUP BY mac HAVING count(DISTINCT bearer) >= $1
            """,
            LearnedNames.FewestBearers
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var people = (await reader.ReadAsync(row => row.GetInt64(0), cancellationToken))[0];
        var bearers = await reader.ReadAsync(
            row => KeyValuePair.Create(row.GetInt64(0), row.GetInt32(1)),
            cancellationToken
        );
        return new(learned.Current.Version + 1, people, bearers.ToDictionary());
    }

    private static bool AreAlike(NameCount left, NameCount right) =>
        left.People == right.People
        && left.Bearers.Count == right.Bearers.Count
        && left.Bearers.All(name => right.Bearers.GetValueOrDefault(name.Key) == name.Value);

    private static async Task WriteAsync(
        NpgsqlConnection connection,
        NameCount counted,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("DELETE FROM matching.name_bearers");
        batch.Add(
            "INSERT INTO matching.name_bearers (mac, people) SELECT * FROM unnest($1::bigint[], $2::int[])",
            counted.Bearers.Keys.ToArray(),
            counted.Bearers.Values.ToArray()
        );
        batch.Add(
            """
            INSERT INTO matching.name_count (version, people) VALUES ($1, $2)
            ON CONFLICT (one) DO UPDATE SET version = excluded.version, people = excluded.people
            """,
            counted.Version,
            counted.People
        );
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Names of {People} people are counted: {Names} are borne by five or more (version {Version})"
    )]
    private static partial void Counted(ILogger logger, long people, int names, long version);
}
