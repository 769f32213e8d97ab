using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using Safeguarding.Cli.Setup;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Backups;

/// <summary>
/// <c>reconcile --backup TIME [--replaced DATABASE]</c>, on a restored database before the services start: sees that
/// the key rings open it, makes every outbox send again what was not confirmed, and lists what the replaced database
/// held beyond the backup, by id and by whom it came from. Each service's part is read as the owner of its schema: a
/// database of an earlier release has granted nobody else anything.
/// The list goes to standard output: ids, codes and versions only; the summary to standard error.
/// </summary>
internal sealed class Reconcile(Terminal terminal) : AsyncCommand<Reconcile.Settings>
{
    // Rows that are a moment older than the backup may have been committed after it.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private static readonly IReadOnlyList<Stored> Kinds =
    [
        new(
            "encounter",
            "encounter-ingest",
            "SELECT id, organisation, version FROM encounter",
            "id",
            "received_at >= @since",
            "the trust sends them again; a repeat of what the hub holds changes nothing"
        ),
        new(
            "plan",
            "plan-registry",
            "SELECT id, council_code, version FROM plan",
            "id",
            "changed_at >= @since",
            "the council uploads its register again (mode=full)"
        ),
        new(
            "contact",
            "plan-registry",
            "SELECT id, code, version FROM council",
            "id",
            "changed_at >= @since",
            "the council puts its contact again"
        ),
        new(
            "review",
            "matching",
            "SELECT review_id, council_code, version FROM review",
            "review_id",
            "closed_at >= @since",
            "the council decides it again"
        ),
        new(
            "alert",
            "notification",
            "SELECT id, council_code, version FROM alert",
            "id",
            "(raised_at >= @since OR settled_at >= @since OR withdrawn_at >= @since)",
            "raised again, under a new id, when its encounter is sent again; the council acknowledges it again"
        ),
        new(
            "subscription",
            "notification",
            "SELECT id, council_code, 1::bigint FROM subscription",
            "id",
            "created_at >= @since",
            "the council subscribes again, and is given a new secret"
        ),
    ];

    private static readonly IReadOnlyList<(string Member, string Sql)> KeysInUse =
    [
        ("encounter-ingest", "SELECT DISTINCT particulars_key_id FROM encounter_version"),
        ("plan-registry", "SELECT DISTINCT subject_key_id FROM plan WHERE subject_key_id IS NOT NULL"),
        ("matching", "SELECT DISTINCT subject_key FROM plan WHERE subject_key IS NOT NULL"),
        ("notification", "SELECT DISTINCT secret_key_id FROM subscription"),
    ];

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var backup = Moments.Point("--backup", settings.Backup, terminal.Clock.GetUtcNow());
        var lost = await RunAsync(SecretFolder.ForReading(), backup, settings.Replaced, terminal.Warn);
        if (settings.Json)
        {
            terminal.ShowJson(lost);
        }
        else
        {
            foreach (var line in Tsv(lost))
                terminal.Say(line);
        }

        return ExitCode.Well;
    }

    internal static IEnumerable<string> Tsv(IReadOnlyList<LostRecord> lost) =>
        lost.Count == 0
            ? []
            : lost.Select(row =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.Kind}\t{row.Organisation}\t{row.Id}\t{row.VersionLost}\t{row.VersionHeld}"
                    )
                )
                .Prepend("kind\torganisation\tid\tversion lost\tversion held");

    /// <exception cref="RefusedException">The key rings do not open what was restored.</exception>
    internal static async Task<IReadOnlyList<LostRecord>> RunAsync(
        SecretFolder secrets,
        DateTimeOffset backup,
        string? replaced,
        Action<string> say
    )
    {
        var since = backup - Margin;
        if (await MissingKeysAsync(secrets) is { Count: > 0 } missing)
        {
            throw new RefusedException(
                $"The key rings lack {string.Join(", ", missing)}: what they seal cannot be opened. Restore with "
                    + "--secrets, or add the keys to the service's ring, before ./hub up."
            );
        }

        foreach (var member in Member.All.Where(member => member.UsesBroker))
        {
            await using var database = NpgsqlDataSource.Create(member.OwnerConnection(secrets));
            await using var again = database.CreateCommand(
                "UPDATE outbox SET next_attempt_at = now() WHERE next_attempt_at > now()"
            );
            await again.ExecuteNonQueryAsync();
            await using var count = database.CreateCommand("SELECT count(*) FROM outbox");
            if (await count.ExecuteScalarAsync() is long waiting and > 0)
                say($"  {waiting, 6} × {member.Name} sends again: not confirmed at the time of the backup");
        }

        if (replaced is null)
        {
            say(
                "There was no earlier database to compare with. What came after the backup only its senders know: "
                    + "they send it again, or name their ids for ./hub check-ids."
            );
            return [];
        }

        var lost = new List<LostRecord>();
        foreach (var kind in Kinds)
        {
            var present = Member.Get(kind.Member).OwnerConnection(secrets);
            var had = await ReadAsync(
                new NpgsqlConnectionStringBuilder(present) { Database = replaced, Pooling = false }.ConnectionString,
                $"{kind.Select} WHERE {kind.Changed}",
                "since",
                since
            );
            var has = await ReadAsync(present, $"{kind.Select} WHERE {kind.Id} = ANY(@ids)", "ids", had.Keys.ToArray());
            var beyond = had.Where(row => !has.TryGetValue(row.Key, out var now) || now.Version < row.Value.Version)
                .ToList();
            lost.AddRange(
                beyond.Select(row => new LostRecord(
                    kind.Name,
                    row.Value.Owner,
                    row.Key,
                    row.Value.Version,
                    has.TryGetValue(row.Key, out var now) ? now.Version : 0
                ))
            );
            foreach (
                var owner in beyond.GroupBy(row => row.Value.Owner).OrderBy(group => group.Key, StringComparer.Ordinal)
            )
            {
                say($"  {owner.Count(), 6} × {kind.Name, -13} of {owner.Key, -10} lost: {kind.Remedy}");
            }
        }

        if (lost.Count == 0)
            say("  Nothing is lost: what was replaced held no more than the backup.");
        return lost;
    }

    private static async Task<List<string>> MissingKeysAsync(SecretFolder secrets)
    {
        var missing = new List<string>();
        foreach (var (member, sql) in KeysInUse)
        {
            var held = KeyRings
                .OpenedBy(member)
                .SelectMany(file => JsonNode.Parse(secrets.Read(file)!)!["seal"]!["keys"]!.AsObject())
                .Select(key => key.Key)
                .ToHashSet();
            await using var database = NpgsqlDataSource.Create(Member.Get(member).OwnerConnection(secrets));
            await using var command = database.CreateCommand(sql);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                if (!held.Contains(reader.GetString(0)))
                    missing.Add($"key {reader.GetString(0)} of {member}");
            }
        }

        return missing;
    }

    private static async Task<Dictionary<Guid, (string Owner, long Version)>> ReadAsync(
        string database,
        string sql,
        string name,
        object value
    )
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(name, value);
        var rows = new Dictionary<Guid, (string, long)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows[reader.GetGuid(0)] = (reader.GetString(1), reader.GetInt64(2));
        return rows;
    }

    /// <param name="Name">What it is called in the list.</param>
    /// <param name="Member">Whose schema it lies in.</param>
    /// <param name="Select">Id, organisation and version.</param>
    /// <param name="Id">The id's column.</param>
    /// <param name="Changed">What changed after the backup.</param>
    /// <param name="Remedy">How it comes back.</param>
    private sealed record Stored(string Name, string Member, string Select, string Id, string Changed, string Remedy);

    internal sealed class Settings : ListingSettings
    {
        [CommandOption("--backup <TIME>", isRequired: true)]
        [Description("When the backup was made.")]
        public required string Backup { get; init; }

        [CommandOption("--replaced <DATABASE>")]
        [Description("The database that the restored one has replaced, to compare with.")]
        public string? Replaced { get; init; }
    }
}

/// <summary>What the replaced database held beyond the backup.</summary>
internal sealed record LostRecord(string Kind, string Organisation, Guid Id, long VersionLost, long VersionHeld);
