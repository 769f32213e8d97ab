namespace Safeguarding.TestKit;

/// <summary>A PostgreSQL of the test's own whose data and log lie on a <see cref="SmallDisk"/>.</summary>
public sealed class SmallPostgres : IAsyncDisposable
{
    private readonly PostgresServer _server;

    private SmallPostgres(SmallDisk disk) =>
        _server = new PostgresServer(disk.Path, "data", PostgresServer.NewPassword());

    public string ConnectionString => _server.At();

    /// <summary>Whether it ended, as it does when it cannot even write what it needs to recover.</summary>
    public bool HasEnded => !_server.Runs;

    public static async Task<SmallPostgres> StartAsync(SmallDisk disk)
    {
        var postgres = new SmallPostgres(disk);
        // Small segments, so that a full disk is met by the log as well as by the tables.
        await postgres._server.InitAsync("--wal-segsize=1");
        await postgres.StartAgainAsync();
        return postgres;
    }

    /// <summary>As the machine's init system does with a server that ended.</summary>
    public Task StartAgainAsync() =>
        _server.StartAsync("-c", "min_wal_size=2MB", "-c", "max_wal_size=8MB", "-c", "shared_buffers=32MB");

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
