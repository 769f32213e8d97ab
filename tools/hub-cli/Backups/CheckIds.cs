using System.ComponentModel;
using Npgsql;
using Safeguarding.Cli.Setup;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Backups;

/// <summary>
/// <c>check-ids [FILE]</c>: ids, one a line, as a trust or council has them (of encounters from the Location it was
/// given, of alerts from its own list), and of each whether the hub holds it. Exits with 1 where any is missing.
/// </summary>
internal sealed class CheckIds(Terminal terminal) : AsyncCommand<CheckIds.Settings>
{
    private const int AtOnce = 5_000;

    private static readonly IReadOnlyList<(string Kind, string Member, string Table)> Places =
    [
        ("encounter", "encounter-ingest", "encounter"),
        ("plan", "plan-registry", "plan"),
        ("alert", "notification", "alert"),
    ];

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var ids = Ids(settings.File is { } file ? System.IO.File.ReadLines(file) : Lines(terminal.Input)).ToList();
        var secrets = SecretFolder.ForReading();
        var rows = new List<Row>(ids.Count);
        foreach (var asked in ids.Chunk(AtOnce))
        {
            var found = await FindAsync(secrets, asked, cancellationToken);
            rows.AddRange(asked.Select(id => new Row(id, found.GetValueOrDefault(id))));
        }

        if (settings.Json)
        {
            terminal.ShowJson(rows);
        }
        else
        {
            foreach (var row in rows)
                terminal.Say(row.HeldAs is { } kind ? $"{row.Id}\theld\t{kind}" : $"{row.Id}\tMISSING");
        }

        var missing = rows.Count(row => row.HeldAs is null);
        terminal.Warn($"{rows.Count - missing} held, {missing} missing");
        return missing == 0 ? ExitCode.Well : ExitCode.NeedsYou;
    }

    private static IEnumerable<Guid> Ids(IEnumerable<string> lines)
    {
        foreach (var (index, line) in lines.Index())
        {
            if (line.Trim() is not { Length: > 0 } text)
                continue;
            // A Location may be given whole.
            yield return text.Split('/')
                .Select(part => Guid.TryParse(part, out var id) ? id : (Guid?)null)
                .FirstOrDefault(id => id is not null)
                ?? throw RefusedException.Misused($"Line {index + 1} is not an id.");
        }
    }

    private static IEnumerable<string> Lines(TextReader input)
    {
        while (input.ReadLine() is { } line)
            yield return line;
    }

    private static async Task<Dictionary<Guid, string>> FindAsync(
        SecretFolder secrets,
        Guid[] asked,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<Guid, string>();
        foreach (var (kind, member, table) in Places)
        {
            await using var database = NpgsqlDataSource.Create(secrets.Read($"{member}/ConnectionStrings__Hub")!);
            await using var command = database.CreateCommand($"SELECT id FROM {table} WHERE id = ANY(@ids)");
            command.Parameters.AddWithValue("ids", asked);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                found[reader.GetGuid(0)] = kind;
        }

        return found;
    }

    internal sealed class Settings : ListingSettings
    {
        [CommandArgument(0, "[FILE]")]
        [Description("A file of ids or of Locations, one a line. Default: standard input.")]
        public string? File { get; init; }
    }

    private sealed record Row(Guid Id, string? HeldAs);
}
