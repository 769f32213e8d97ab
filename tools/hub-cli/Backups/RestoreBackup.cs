using System.ComponentModel;
using System.Globalization;
using Safeguarding.Cli.Run;
using Safeguarding.Cli.Setup;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Backups;

/// <summary>
/// <c>restore FILE</c>: a backup into a stopped hub; says by id what is lost. What was there is put aside,
/// never dropped.
/// </summary>
internal sealed class RestoreBackup(Terminal terminal) : AsyncCommand<RestoreBackup.Settings>
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var at = BackupFile.MadeAt(settings.File);
        await BackupFile.CheckAsync(settings.File, terminal.Say);
        if (settings.Secrets is { } given)
            await BackupFile.CheckAsync(given, terminal.Say);
        if (ServiceProcess.All.FirstOrDefault(service => service.Running() is not null) is { } running)
        {
            throw new RefusedException(
                $"{running.Name} runs, and a backup is restored into a stopped hub. First: ./hub down"
            );
        }

        var now = terminal.Clock.GetUtcNow().ToString("yyyyMMdd't'HHmmss'z'", CultureInfo.InvariantCulture);
        if (NativeServers.Folder is { } folder)
            await NativeServers.StartAsync(folder, terminal.Say);
        var secrets = SecretFolder.ForReading();
        if (settings.Secrets is { } file)
            await ReplaceSecretsAsync(secrets, file, now);
        var compose = Place.Setting("HUB_WAY") == "compose";
        MakeSecrets.Make(Place.Secrets, compose, terminal.Say);

        var administrator = Administrator.ConnectionString(secrets);
        var replaced = await PutAsideAsync(administrator, now);
        await EmptyBroker.RunAsync(secrets, terminal.Say);
        await ProvisionServers.ProvisionAsync(secrets, terminal.Say);
        await RestoreAsync(settings.File, administrator, replaced);
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"restored the state of {at:u}"));

        var lost = await Reconcile.RunAsync(secrets, at, replaced, terminal.Say);
        if (settings.Json)
        {
            terminal.ShowJson(lost);
        }
        else
        {
            foreach (var line in Reconcile.Tsv(lost))
                terminal.Say(line);
        }

        if (lost.Count > 0)
        {
            var report = Path.Combine(Place.State, "backups", $"lost-{now}.tsv");
            await System.IO.File.WriteAllLinesAsync(report, Reconcile.Tsv(lost), cancellationToken);
            terminal.Say($"This list is kept in {report}");
        }

        if (NativeServers.Folder is { } started)
            await NativeServers.StopAsync(started, wipe: false, terminal.Say);
        terminal.Say("The hub is stopped. Start it: ./hub up");
        return ExitCode.Well;
    }

    private async Task ReplaceSecretsAsync(SecretFolder secrets, string file, string now)
    {
        var compose = Place.Setting("HUB_WAY") == "compose";
        // In compose the servers know the passwords that are about to be replaced, and nobody else can tell them the
        // new ones.
        var administrator = compose ? Administrator.ConnectionString(secrets) : null;
        using var broker = compose ? Broker.Management(secrets) : null;
        if (Directory.Exists(Place.Secrets))
        {
            var aside = Path.Combine(Place.State, "backups", $"secrets-replaced-{now}.tar");
            await BackupFile.WriteAsync(aside, Archive.WriteAsync);
            terminal.Say($"the secrets there were are kept in {aside}");
        }

        await Archive.ReplaceAsync(file);
        if (administrator is null)
            return;
        var password = secrets.Read("postgres/password")!.Replace("'", "''", StringComparison.Ordinal);
        await Administrator.ExecuteAsync(administrator, $"ALTER ROLE postgres PASSWORD '{password}'");
        await ProvisionServers.ImportDefinitions(broker!, secrets.Read("rabbitmq/definitions.json")!, terminal.Say);
    }

    /// <summary>Never dropped: what was there is evidence, and tells what is lost.</summary>
    private async Task<string?> PutAsideAsync(string administrator, string now)
    {
        var there = await Administrator.ExecuteAsync(
            administrator,
            $"SELECT 1 FROM pg_database WHERE datname = '{ProvisionServers.Database}'"
        );
        if (there is null)
            return null;
        var name = $"{ProvisionServers.Database}_replaced_{now}";
        await Administrator.ExecuteAsync(administrator, $"ALTER DATABASE {ProvisionServers.Database} RENAME TO {name}");
        terminal.Say($"the database there was is kept as {name}; drop it when nobody needs it any more");
        return name;
    }

    private async Task RestoreAsync(string file, string administrator, string? replaced)
    {
        await using var dump = System.IO.File.OpenRead(file);
        try
        {
            await terminal.WithProgressAsync("restoring the database", async report =>
            {
                var restoring = Programs.RunAsync(
                    Programs.OfPostgres("pg_restore"),
                    ["--exit-on-error", "--clean", "--if-exists", "-d", ProvisionServers.Database],
                    terminal.Warn,
                    Administrator.Environment(administrator),
                    from: dump
                );
                while (await Task.WhenAny(restoring, Task.Delay(Soon)) != restoring)
                    report((double)dump.Position / dump.Length);
                await restoring;
                return file;
            });
        }
        catch (RefusedException failure)
        {
            throw new RefusedException(
                $"{failure.Message}{(replaced is null ? "" : $"\nThe database there was is kept as {replaced}.")}"
            );
        }
    }

    internal sealed class Settings : ListingSettings
    {
        [CommandArgument(0, "<FILE>")]
        [Description("A backup's hub-….database.")]
        public required string File { get; init; }

        [CommandOption("--secrets <FILE>")]
        [Description("Its hub-….secrets too: on a new machine, or where the keys are lost.")]
        public string? Secrets { get; init; }
    }
}
