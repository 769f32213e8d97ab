using System.Globalization;
using System.Net;
using System.Net.Sockets;

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
    ];
    private readonly TemporaryFolder _state = new();
    private readonly (string, string?)[] _environment;

    public A_hub_on_this_machine()
    {
        var ports = FreePorts(Parts.Length);
        _environment =
        [
            ("HUB_ROOT", Repository.Root),
            ("HUB_STATE_DIRECTORY", _state.Path),
            ("HUB_WAY", "native"),
            ("HUB_SERVERS_DIRECTORY", Path.Combine(Path.GetTempPath(), Path.GetFileName(_state.Path) + "-servers")),
            .. Parts.Select(
                (part, index) => ($"HUB_{part}_PORT", (string?)ports[index].ToString(CultureInfo.InvariantCulture))
            ),
        ];
    }

    [Fact]
    public async Task It_starts_answers_for_itself_is_restored_from_its_backup_and_stops()
    {
        await MustAsync("up");
        Assert.Equal(0, (await CliAsync("status")).Code);
        Assert.Contains("WHOLE", await MustAsync("prove", "--from", "1h"), StringComparison.Ordinal);
        AssertNoServiceKnowsAnAdministrator();
        // Safe as it stands: who has only a secret gets no token, who signs does.
        Assert.NotEqual(0, (await CliAsync("token", "northmoor-shell")).Code);
        Assert.NotEmpty(await MustAsync("token", "northmoor-case-system"));

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

        await MustAsync("up", "--development");
        Assert.Equal(0, (await CliAsync("status")).Code);
        Assert.NotEmpty(await MustAsync("token", "northmoor-shell"));
        await MustAsync("down", "--wipe");
        Assert.False(Directory.Exists(Path.Combine(_state.Path, "secrets")));
    }

    public async ValueTask DisposeAsync()
    {
        await CliAsync("down", "--wipe");
        _state.Dispose();
    }

    private void AssertNoServiceKnowsAnAdministrator()
    {
        var notes = Directory.GetFiles(Path.Combine(_state.Path, "run"), "*.pid");
        Assert.Equal(Parts.Length, notes.Length);
        Assert.All(notes, note =>
        {
            var environment = File.ReadAllText($"/proc/{File.ReadAllText(note).Split(' ')[0]}/environ");
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

    private static List<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
