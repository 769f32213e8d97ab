using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Safeguarding.TestKit;

/// <summary>A RabbitMQ of the test's own, a process that can be killed and a disk that can be lost.</summary>
public sealed class OwnBroker : IAsyncDisposable
{
    private readonly string _folder;
    private int _tlsPort;

    private OwnBroker(string folder) => _folder = folder;

    /// <summary>Where it is, with its administrator.</summary>
    public Uri Uri => new($"amqp://hub-admin:{Setting("RABBITMQ_PASSWORD")}@127.0.0.1:{Setting("RABBITMQ_PORT")}/");

    /// <summary>Its management API.</summary>
    public Uri Management =>
        new($"http://hub-admin:{Setting("RABBITMQ_PASSWORD")}@127.0.0.1:{Setting("RABBITMQ_MANAGEMENT_PORT")}");

    /// <summary>Where it listens by TLS; for one that was started with a certificate.</summary>
    public Uri TlsUri =>
        new UriBuilder(Uri)
        {
            Scheme = "amqps",
            Host = "localhost",
            Port = _tlsPort,
        }.Uri;

    /// <summary>Whether it ended by itself.</summary>
    public bool HasEnded => !Directory.Exists($"/proc/{ProcessId}");

    private string ProcessId => File.ReadAllText(Path.Combine(_folder, "rabbitmq.pid")).Split(' ')[0];

    /// <param name="joined">A broker whose cluster it becomes a node of.</param>
    public static Task<OwnBroker> StartAsync(OwnBroker? joined = null) =>
        StartAsync(OwnProcess.Folder("broker"), joined is null ? [] : ["--join", joined._folder]);

    /// <summary>One whose data and logs lie on a disk that can be filled.</summary>
    public static Task<OwnBroker> StartAsync(SmallDisk disk) => StartAsync(Path.Combine(disk.Path, "broker"), []);

    /// <summary>One that listens by TLS too.</summary>
    public static Task<OwnBroker> StartAsync(TestAuthority authority) =>
        StartAsync(OwnProcess.Folder("broker"), [], authority);

    private static async Task<OwnBroker> StartAsync(string folder, string[] options, TestAuthority? authority = null)
    {
        var broker = new OwnBroker(folder);
        try
        {
            if (authority is not null)
                await broker.ConfigureTlsAsync(authority);
            await broker.StartAsync(options);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL to the node.</summary>
    public async Task KillAsync()
    {
        await OwnProcess.RunAsync(null, _folder, "kill", "-9", ProcessId);
        await Eventually.UntilAsync(() => Task.FromResult(HasEnded));
    }

    /// <summary>Everything it held is gone; for a broker that is not running.</summary>
    public void LoseDisk()
    {
        // The folder itself stays, and with it the administrator's password.
        foreach (var folder in Directory.GetDirectories(Path.Combine(_folder, "rabbitmq", "data")))
            Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.GetFiles(Path.Combine(_folder, "rabbitmq", "data")))
            File.Delete(file);
    }

    /// <summary>Starts it (again), at the same ports.</summary>
    public Task StartAgainAsync() => StartAsync([]);

    private async Task ConfigureTlsAsync(TestAuthority authority)
    {
        _tlsPort = FreePort.Next();
        var certificate = await authority.IssueAsync("rabbitmq");
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "rabbitmq", "conf.d"));
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "20-tls.conf"),
            $"""
            listeners.ssl.1 = 127.0.0.1:{_tlsPort}
            ssl_options.cacertfile = {authority.CertificateFile}
            ssl_options.certfile = {certificate.File}
            ssl_options.keyfile = {certificate.KeyFile}
            ssl_options.verify = verify_none

            """
        );
    }

    private async Task StartAsync(string[] options) =>
        await OwnProcess.RunAsync(
            null,
            "/",
            OwnProcess.Servers(),
            ["start", _folder, "--throw-away", "--broker-only", .. options]
        );

    /// <summary>Of each connection, as the broker's management API shows it, whether it is by TLS.</summary>
    public async Task<IReadOnlyList<bool>> ConnectionsAsync()
    {
        using var client = HubServers.ClientOf(Management);
        return
        [
            .. (await client.GetFromJsonAsync<JsonArray>("/api/connections"))!.Select(connection =>
                (bool)connection!["ssl"]!
            ),
        ];
    }

    public async ValueTask DisposeAsync() =>
        await OwnProcess.RunAsync(null, "/", OwnProcess.Servers(), "wipe", _folder);

    private string Setting(string name) =>
        File.ReadLines(Path.Combine(_folder, "servers.conf"))
            .Single(line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}
