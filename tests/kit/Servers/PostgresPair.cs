using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Safeguarding.TestKit;

/// <summary>
/// A primary and a standby that streams from it, without which the primary confirms no commit. Both are private, and reached at one address that
/// <see cref="PromoteAsync"/> points at the new primary.
/// </summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private const string User = "postgres";

    private readonly string _folder = OwnProcess.Folder("pair");
    private readonly string _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly Server _primary;
    private readonly Server _standby;
    private TcpProxy? _address;
    private string _bin = "";

    private PostgresPair() => (_primary, _standby) = (new Server(Path.Combine(_folder, "primary")), new Server(Path.Combine(_folder, "standby")));

    /// <summary>A superuser at the one address.</summary>
    public string ConnectionString => At(_address!.Port);

    private string Standby => At(_standby.Port);

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
        await StartAsync(_standby);
        await Eventually.Async(() => CountAsync(ConnectionString, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"), standbys => standbys == 1);
    }

    /// <summary>SIGKILL to the primary and all its children.</summary>
    public Task KillPrimaryAsync() => _primary.KillAsync();

    /// <summary>The standby, as far as it got, is the primary from now on, alone.</summary>
    public async Task PromoteAsync()
    {
        if (!_standby.Runs)
            await StartAsync(_standby);
        await CountAsync(Standby, "SELECT CASE WHEN pg_promote(true, 30) THEN 1 ELSE 0 END");
        await Eventually.Async(() => CountAsync(Standby, "SELECT CASE WHEN pg_is_in_recovery() THEN 0 ELSE 1 END"), promoted => promoted == 1);
        _address!.PointAt("127.0.0.1", _standby.Port);
    }

    /// <summary>Ends the wait of every commit that waits for the standby, as a time-out does: the server has then committed on one machine.</summary>
    public Task<long> CancelWaitsAsync() =>
        CountAsync(ConnectionString, "SELECT count(*) FROM (SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep') AS cancelled");

    public async ValueTask DisposeAsync()
    {
        if (_address is not null)
            await _address.DisposeAsync();
        await _standby.KillAsync();
        await _primary.KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<long> CountAsync(string at, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(at) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private async Task MakeAsync()
    {
        _bin = await BinAsync();
        await OwnProcess.FolderOfAsync(User, _primary.Data);
        await OwnProcess.FolderOfAsync(User, _standby.Data);
        var password = Path.Combine(_primary.Data + ".password");
        await File.WriteAllTextAsync(password, _password);
        await OwnProcess.FolderOfAsync(User, Path.Combine(_folder, "tmp"));
        if (Environment.IsPrivilegedProcess)
            await OwnProcess.RunAsync(null, _folder, "chown", $"{User}:", password);
        await OwnProcess.RunAsync(
            User, _folder, Path.Combine(_bin, "initdb"), "-D", _primary.Data, "-U", User, $"--pwfile={password}", "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await StartAsync(_primary);
        _address = TcpProxy.Start("127.0.0.1", _primary.Port);
        await OwnProcess.RunAsync(
            User, _folder, "env", $"PGPASSWORD={_password}", Path.Combine(_bin, "pg_basebackup"), "-D", _standby.Data, "-R", "--checkpoint=fast", "--no-sync",
            "-d", $"host=127.0.0.1 port={_primary.Port} user={User} application_name=standby");
        // Only now, and only in the primary's own file: a standby that is promoted must not wait for one.
        await CountAsync(ConnectionString, "ALTER SYSTEM SET synchronous_standby_names = 'standby'; SELECT 1");
        await CountAsync(ConnectionString, "SELECT pg_reload_conf()::int");
        await StartStandbyAsync();
    }

    private async Task StartAsync(Server server)
    {
        server.Port = server.Port == 0 ? OwnProcess.FreePort() : server.Port;
        var process = OwnProcess.Start(
            User, _folder, Path.Combine(_bin, "postgres"), "-D", server.Data, "-c", "listen_addresses=127.0.0.1", "-c", $"port={server.Port}",
            "-c", "unix_socket_directories=", "-c", "max_connections=300", "-c", "fsync=off", "-c", "wal_retrieve_retry_interval=200ms");
        server.Began(process);
        await Eventually.Async(async () =>
        {
            try
            {
                return await CountAsync(At(server.Port), "SELECT 1") == 1;
            }
            catch (NpgsqlException) when (!process.HasExited)
            {
                return false;
            }
            catch (NpgsqlException exception)
            {
                throw new InvalidOperationException($"PostgreSQL ended at its start: {server.Log}", exception);
            }
        }, TimeSpan.FromSeconds(60), "PostgreSQL answers");
    }

    private string At(int port) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = User, Password = _password, Database = "postgres" }.ConnectionString;

    private static async Task<string> BinAsync()
    {
        static string? Found() => Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var n) ? n : 0)
                .Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        if (Found() is null)
            await OwnProcess.RunAsync(null, "/", OwnProcess.Servers(), "install");
        return Found() ?? throw new InvalidOperationException("There is no PostgreSQL under /usr/lib/postgresql, and infra/native/servers install brought none.");
    }

    private sealed class Server(string data)
    {
        private readonly Queue<string> _log = new();
        private Process? _process;

        public string Data => data;

        public int Port { get; set; }

        public bool Runs => _process is not null;

        public string Log
        {
            get
            {
                lock (_log)
                    return string.Join('\n', _log);
            }
        }

        public void Began(Process process)
        {
            _process = process;
            void Keep(object _, DataReceivedEventArgs line)
            {
                lock (_log)
                {
                    _log.Enqueue(line.Data ?? "");
                    if (_log.Count > 50) _log.Dequeue();
                }
            }

            process.OutputDataReceived += Keep;
            process.ErrorDataReceived += Keep;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public async Task KillAsync()
        {
            if (_process is null)
                return;
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
            _process = null;
        }
    }
}
