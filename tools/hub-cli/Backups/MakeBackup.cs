using System.ComponentModel;
using Safeguarding.Cli.Run;
using Safeguarding.Cli.Setup;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Backups;

/// <summary><c>backup</c>: the database into one file, secrets and keys into another.</summary>
internal sealed class MakeBackup(Terminal terminal) : AsyncCommand<MakeBackup.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var name = BackupFile.Name(terminal.Clock.GetUtcNow());
        var to = settings.To ?? Path.Combine(Place.State, "backups");
        string database = Path.Combine(to, $"{name}.database"),
            secrets = Path.Combine(settings.SecretsTo ?? to, $"{name}.secrets");
        var administrator = Administrator.Environment(Administrator.ConnectionString(SecretFolder.ForReading()));
        // One snapshot over all schemas, so that no service remembers what another has forgotten.
        await terminal.WithProgressAsync("writing the database", async _ =>
        {
            await BackupFile.WriteAsync(database, stream =>
                Programs.RunAsync(
                    Programs.OfPostgres("pg_dump"),
                    ["-Fc", ProvisionServers.Database],
                    terminal.Warn,
                    administrator,
                    into: stream
                )
            );
            return database;
        });
        await BackupFile.WriteAsync(secrets, Archive.WriteAsync);
        if (settings.Json)
        {
            terminal.ShowJson(
                new
                {
                    database,
                    secrets,
                    bytes = new FileInfo(database).Length,
                }
            );
        }
        else
        {
            terminal.Say(
                $"database: {database} ({new FileInfo(database).Length / 1024:N0} KB); personal data in it is sealed"
            );
            terminal.Say($"secrets:  {secrets}: passwords, clients and the keys that open the database.");
            terminal.Say("          Keep it somewhere else than the database.");
        }

        return ExitCode.Well;
    }

    internal sealed class Settings : ListingSettings
    {
        [CommandOption("--to <DIR>")]
        [Description("Where the database goes. Default: .hub/backups")]
        public string? To { get; init; }

        [CommandOption("--secrets-to <DIR>")]
        [Description("Where secrets and keys go. Default: beside the database; keep them apart.")]
        public string? SecretsTo { get; init; }
    }
}
