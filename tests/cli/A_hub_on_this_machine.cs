using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using Safeguarding.TestKit;

namespace Safeguarding.Cli.Tests;

/// <summary>
/// A whole hub, started, asked, backed up, restored and stopped by the command line as <c>./hub</c> runs it,
/// on ports of its own.
/// </summary>
public sealed class A_hub_on_this_machine : IAsyncDisposable
{
    private static readonly string[] Parts =
    [
        "PLAN_REGISTRY",
        "ENCOUNTER_INGEST",
        "MATCHING",
        "NOTIFICATION",
        "IDENTITY",
        "PORTAL",
    ];

    private static readonly string[] OnceOneLogin = ["identity", "portal"];

    private readonly TemporaryFolder _state = new();
    private (string, string?)[] _environment;

    public A_hub_on_this_machine()
    {
        // Compiling to native code costs minutes of the processor's time, and what was compiled is kept by its content.
        Directory.CreateSymbolicLink(
            Path.Combine(_state.Path, "ready-to-run"),
            Directory.CreateDirectory(Path.Combine(Repository.Root, ".hub", "ready-to-run")).FullName
        );
        _environment =
        [
            ("HUB_ROOT", Repository.Root),
            ("HUB_STATE_DIRECTORY", _state.Path),
            ("HUB_WAY", "native"),
            ("HUB_SERVERS_DIRECTORY", Path.Combine(Path.GetTempPath(), Path.GetFileName(_state.Path) + "-servers")),
            .. Parts.Select(part =>
                ($"HUB_{part}_PORT", (string?)FreePort.Next().ToString(CultureInfo.InvariantCulture))
            ),
        ];
    }

    [Fact]
    public async Task It_starts_answers_for_itself_is_upgraded_restored_from_its_backup_and_stops()
    {
        await MustAsync("up");
        var errors = Directory
            .GetFiles(Part("logs"), "*.log")
            .SelectMany(File.ReadLines)
            .Where(line => line.Contains(" ERROR ", StringComparison.Ordinal))
            .ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors));
        await MustAsync("status");
        Assert.Contains("WHOLE", await MustAsync("prove", "--from", "1h"), StringComparison.Ordinal);
        AssertNoServiceIsOrKnowsAnAdministrator();
        // Whoever may not enter the repository runs from these copies.
        Assert.DoesNotContain(
            Repository.Root,
            File.ReadAllText(Part("app/portal/Safeguarding.Portal.staticwebassets.runtime.json")),
            StringComparison.Ordinal
        );
        // Safe as it stands: who has only a secret gets no token, who signs does.
        Assert.NotEqual(0, (await CliAsync("token", "northmoor-shell")).Code);
        Assert.NotEmpty(await MustAsync("token", "northmoor-case-system"));

        await AssertUpgradesAsync();

        await MustAsync(
            "backup",
            "--to",
            Path.Combine(_state.Path, "database"),
            "--secrets-to",
            Path.Combine(_state.Path, "keys")
        );
        var database = Directory.GetFiles(Path.Combine(_state.Path, "database"), "*.database").Single();
        var secrets = Directory.GetFiles(Path.Combine(_state.Path, "keys"), "*.secrets").Single();
        Assert.Contains("First: ./hub down", (await CliAsync("restore", database)).Error, StringComparison.Ordinal);
        await MustAsync("down");

        await File.AppendAllTextAsync(secrets, "x", TestContext.Current.CancellationToken);
        Assert.Contains(
            "its checksum differs",
            (await CliAsync("restore", database, "--secrets", secrets)).Error,
            StringComparison.Ordinal
        );
        await using (var shortened = File.OpenWrite(secrets))
            shortened.SetLength(shortened.Length - 1);
        var password = File.ReadAllText(Path.Combine(_state.Path, "secrets/passwords/matching.postgres"));
        await File.WriteAllTextAsync(
            Path.Combine(_state.Path, "secrets/passwords/matching.postgres"),
            "lost",
            TestContext.Current.CancellationToken
        );
        Assert.Contains(
            "Nothing is lost",
            await MustAsync("restore", database, "--secrets", secrets),
            StringComparison.Ordinal
        );
        Assert.Equal(password, File.ReadAllText(Path.Combine(_state.Path, "secrets/passwords/matching.postgres")));

        await TurnOnTlsAsync();
        await MustAsync("up", "--development");
        await MustAsync("status");
        Assert.NotEmpty(await MustAsync("token", "northmoor-shell"));
        await AssertNobodyListensInPlainTextAsync();
        await MustAsync("down", "--wipe");
        Assert.False(Directory.Exists(Path.Combine(_state.Path, "secrets")));
    }

    public async ValueTask DisposeAsync()
    {
        await CliAsync("down", "--wipe");
        _state.Dispose();
    }

    // As an operator does it, but for the build: what it would make is what these tests were built beside.
    private async Task AssertUpgradesAsync()
    {
        var (tools, built, backups) = (Part("tools"), Part("built"), Part("backups"));
        Directory.CreateDirectory(tools);
        var dotnet = Path.Combine(tools, "dotnet");
        await File.WriteAllTextAsync(
            dotnet,
            $"#!/bin/sh\n[ \"$1\" != build ] || {{ echo \"$*\" >>'{built}'; exit; }}\nPATH=${{PATH#*:}} exec dotnet \"$@\"\n",
            TestContext.Current.CancellationToken
        );
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
        Task<Said> UpgradeAsync() =>
            Repository.RunAsync(
                "bash",
                [Path.Combine(Repository.Root, "hub"), "upgrade"],
                [.. _environment, ("PATH", path)]
            );

        // As an older release left the schema.
        await ExecuteAsync(
            "encounter-ingest",
            "DROP TABLE encounter_ingest.refusal, encounter_ingest.refusal_hour; "
                + "DELETE FROM encounter_ingest.__ef_migrations_history WHERE \"MigrationId\" LIKE '%Refusals'"
        );
        // And as identity and the portal were when they had one login.
        foreach (var part in OnceOneLogin)
        {
            File.Delete(Part($"secrets/passwords/{part}.worker.postgres"));
            File.Delete(Part($"secrets/{part}/Postgres__OwnerPassword"));
        }

        var before = Processes();
        await File.WriteAllTextAsync(backups, "no folder", TestContext.Current.CancellationToken);
        var refused = await UpgradeAsync();
        Assert.Contains("nothing was upgraded", refused.Error, StringComparison.Ordinal);
        Assert.Equal((1, before, false), (refused.Code, Processes(), File.Exists(built)));
        File.Delete(backups);

        var upgraded = await UpgradeAsync();

        Assert.True(upgraded.Code == 0, upgraded.All);
        Assert.Contains("WHOLE", upgraded.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(backups, "*.database"));
        Assert.Contains("infra/hub.slnf", File.ReadAllText(built), StringComparison.Ordinal);
        Assert.NotEqual(before, Processes());
        foreach (var part in OnceOneLogin)
        {
            Assert.Contains(
                $"Username={part}_worker;",
                File.ReadAllText(Part($"secrets/{part}/ConnectionStrings__Hub")),
                StringComparison.Ordinal
            );
        }

        await ExecuteAsync("encounter-ingest", "SELECT count(*) FROM encounter_ingest.refusal");
    }

    private async Task TurnOnTlsAsync()
    {
        var folder = Part("tls");
        var authority = Path.Combine(folder, "authority.pem");
        _environment =
        [
            .. _environment,
            ("HUB_TLS_DIRECTORY", folder),
            ("SSL_CERT_FILE", authority),
            ("PGSSLROOTCERT", authority),
        ];
        async Task MakeAsync(string at)
        {
            var made = await Repository.RunAsync(
                "bash",
                [Path.Combine(Repository.Root, "infra/tls/test-certificates"), at]
            );
            Assert.True(made.Code == 0, made.All);
        }

        await MakeAsync(Part("another"));
        await MakeAsync(folder);
        var good = await File.ReadAllTextAsync(authority, TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(Part("another"), "authority.pem"), authority, overwrite: true);
        var refused = await CliAsync("up");
        Assert.Equal(1, refused.Code);
        Assert.Contains(
            "plan-registry.pem is of CN=Safeguarding hub test authority, which is not in",
            refused.Error,
            StringComparison.Ordinal
        );
        await File.WriteAllTextAsync(authority, good, TestContext.Current.CancellationToken);
    }

    private async Task AssertNobodyListensInPlainTextAsync()
    {
        var login = new NpgsqlConnectionStringBuilder(File.ReadAllText(Part("secrets/portal/ConnectionStrings__Hub")));
        Assert.Equal(SslMode.VerifyFull, login.SslMode);
        login.SslMode = SslMode.Disable;
        await using var database = NpgsqlDataSource.Create(login.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            database.OpenConnectionAsync(TestContext.Current.CancellationToken).AsTask()
        );
        Assert.Equal(PostgresErrorCodes.InvalidAuthorizationSpecification, refused.SqlState);

        var broker = new Uri(File.ReadAllText(Part("secrets/matching/RabbitMq__Uri")));
        Assert.Equal("amqps", broker.Scheme);
        using var plain = new TcpClient(broker.Host, broker.Port);
        await plain.GetStream().WriteAsync("AMQP\0\0\t\u0001"u8.ToArray(), TestContext.Current.CancellationToken);
        // One that spoke plain text would begin its answer with a frame of type 1.
        Assert.NotEqual(1, plain.GetStream().ReadByte());

        using var http = new HttpClient();
        foreach (var part in Parts)
        {
            var port = _environment.Single(one => one.Item1 == $"HUB_{part}_PORT").Item2;
            await Assert.ThrowsAsync<HttpRequestException>(() =>
                http.GetAsync($"http://localhost:{port}/health/live", TestContext.Current.CancellationToken)
            );
        }
    }

    private string Part(string name) => Path.Combine(_state.Path, name);

    private string Processes() =>
        string.Join(
            ' ',
            Directory.GetFiles(Part("run"), "*.pid").Order(StringComparer.Ordinal).Select(File.ReadAllText)
        );

    private async Task ExecuteAsync(string service, string sql)
    {
        // The owner: the service's own login could not.
        var owner = new NpgsqlConnectionStringBuilder(
            File.ReadAllText(Part($"secrets/{service}/ConnectionStrings__Hub"))
        )
        {
            Username = service.Replace('-', '_'),
            Password = File.ReadAllText(Part($"secrets/{service}/Postgres__OwnerPassword")),
        };
        await using var database = NpgsqlDataSource.Create(owner.ConnectionString);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private void AssertNoServiceIsOrKnowsAnAdministrator()
    {
        var notes = Directory.GetFiles(Path.Combine(_state.Path, "run"), "*.pid");
        Assert.Equal(Parts.Length, notes.Length);
        Assert.All(notes, note =>
        {
            var process = $"/proc/{File.ReadAllText(note).Split(' ')[0]}";
            Assert.DoesNotContain(File.ReadLines($"{process}/status"), line =>
                line.StartsWith("Uid:", StringComparison.Ordinal) && line.Split('\t').Contains("0")
            );
            var environment = File.ReadAllText($"{process}/environ");
            Assert.Contains("Secrets__Directory=", environment, StringComparison.Ordinal);
            Assert.DoesNotContain("Username=postgres", environment, StringComparison.Ordinal);
            Assert.DoesNotContain("hub-admin", environment, StringComparison.Ordinal);
            Assert.DoesNotContain("\0HUB_", environment, StringComparison.Ordinal);
        });
    }

    private async Task<string> MustAsync(params string[] words)
    {
        var said = await CliAsync(words);
        Assert.True(said.Code == 0, $"{string.Join(' ', words)}: {said.Code}\n{said.All}");
        return said.All;
    }

    private Task<Said> CliAsync(params string[] words) =>
        Repository.RunAsync(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Safeguarding.Cli.dll"), .. words],
            _environment
        );
}
