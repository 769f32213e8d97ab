namespace Safeguarding.TestKit;

/// <summary>
/// A primary and a standby that streams from it, without which the primary confirms no commit. Both are private, and
/// reached at one address that <see cref="PromoteAsync"/> points at the new primary.
/// </summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private readonly string _folder = OwnProcess.Folder("pair");
    private readonly string _password = PostgresServer.NewPassword();
    private readonly PostgresServer _primary;
    private readonly PostgresServer _standby;
    private readonly TcpProxy _address;

    private PostgresPair()
    {
        (_primary, _standby) = (
            new PostgresServer(_folder, "primary", _password),
            new PostgresServer(_folder, "standby", _password)
        );
        _address = TcpProxy.Start("127.0.0.1", _primary.Port);
    }

    /// <summary>A superuser at the one address.</summary>
    public string ConnectionString => _primary.At(_address.Port);

    public static async Task<PostgresPair> StartAsync()
    {
        var pair = new PostgresPair();
        try
        {
            await pair.MakeAsync();
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>The standby is gone, and with it every commit's confirmation.</summary>
    public Task StopStandbyAsync() => _standby.KillAsync();

    /// <summary>The standby is back and takes what it missed.</summary>
    public async Task StartStandbyAsync()
    {
        await _standby.StartAsync("-c", "wal_retrieve_retry_interval=200ms");
        await Eventually.UntilAsync(
            () =>
                PostgresServer.CountAsync(
                    ConnectionString,
                    "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
                ),
            standbys => standbys == 1
        );
    }

    /// <summary>SIGKILL to the primary and all its children.</summary>
    public Task KillPrimaryAsync() => _primary.KillAsync();

    /// <summary>The standby, as far as it got, is the primary from now on, alone.</summary>
    public async Task PromoteAsync()
    {
        if (!_standby.Runs)
            await _standby.StartAsync();
        await PostgresServer.CountAsync(_standby.At(), "SELECT pg_promote(true, 30)::int");
        await Eventually.UntilAsync(
            () => PostgresServer.CountAsync(_standby.At(), "SELECT pg_is_in_recovery()::int"),
            recovering => recovering == 0
        );
        _address.PointAt("127.0.0.1", _standby.Port);
    }

    /// <summary>
    /// Ends the wait of every commit that waits for the standby, as a time-out does: the server has then
    /// committed on one machine.
    /// </summary>
    public Task<long> CancelWaitsAsync() =>
        PostgresServer.CountAsync(
            ConnectionString,
            "SELECT count(*) FROM (SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = "
                + "'SyncRep') AS cancelled"
        );

    public async ValueTask DisposeAsync()
    {
        await _address.DisposeAsync();
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task MakeAsync()
    {
        await _primary.InitAsync();
        await _primary.StartAsync();
        await OwnProcess.FolderOfAsync(PostgresServer.User, _standby.Data);
        await OwnProcess.RunAsync(
            PostgresServer.User,
            _folder,
            "env",
            $"PGPASSWORD={_password}",
            Path.Combine(await PostgresServer.BinAsync(), "pg_basebackup"),
            "-D",
            _standby.Data,
            "-R",
            "--checkpoint=fast",
            "--no-sync",
            "-d",
            $"host=127.0.0.1 port={_primary.Port} user={PostgresServer.User} application_name=standby"
        );
        // Only now, and only in the primary's own file: a standby that is promoted must not wait for one.
        await PostgresServer.CountAsync(
            ConnectionString,
            "ALTER SYSTEM SET synchronous_standby_names = 'standby'; SELECT 1"
        );
        await PostgresServer.CountAsync(ConnectionString, "SELECT pg_reload_conf()::int");
        await StartStandbyAsync();
    }
}
