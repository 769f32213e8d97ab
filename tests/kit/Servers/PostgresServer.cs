using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Safeguarding.TestKit;

/// <summary>A private PostgreSQL: one data folder, one port, one process that can be killed.</summary>
internal sealed class PostgresServer(string folder, string name, string password) : IAsyncDisposable
{
    public const string User = "postgres";

    private readonly Queue<string> _log = new();
    private Process? _process;

    public string Data { get; } = Path.Combine(folder, name);

    public int Port { get; } = FreePort.Next();

    public bool Runs => _process is { HasExited: false };

    /// <summary>A superuser, at its own port or at that of a proxy before it.</summary>
    public string At(int? port = null) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port ?? Port,
            Username = User,
            Password = password,
            Database = "postgres",
        }.ConnectionString;

    public static string NewPassword() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    public static async Task<string> BinAsync()
    {
        static string? Found() =>
            Directory.Exists("/usr/lib/postgresql")
                ? Directory
                    .GetDirectories("/usr/lib/postgresql")
                    .OrderByDescending(version =>
                        int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var n) ? n : 0
                    )
                    .Select(version => Path.Combine(version, "bin"))
                    .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
                : null;
        if (Found() is null)
            await OwnProcess.RunAsync(null, "/", OwnProcess.Servers(), "install");
        return Found()
            ?? throw new InvalidOperationException(
                "There is no PostgreSQL under /usr/lib/postgresql, and infra/native/servers install brought none."
            );
    }

    public static async Task<long> CountAsync(string at, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(at) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Makes an empty data folder.</summary>
    public async Task InitAsync(params string[] options)
    {
        await OwnProcess.FolderOfAsync(User, Data);
        var file = Path.Combine(folder, $"{name}.password");
        await File.WriteAllTextAsync(file, password);
        if (Environment.IsPrivilegedProcess)
            await OwnProcess.RunAsync(null, folder, "chown", $"{User}:", file);
        await OwnProcess.RunAsync(
            User,
            folder,
            Path.Combine(await BinAsync(), "initdb"),
            [
                "-D",
                Data,
                "-U",
                User,
                $"--pwfile={file}",
                "--auth=scram-sha-256",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                .. options,
            ]
        );
    }

    /// <summary>Starts it (again) and waits until it answers.</summary>
    public async Task StartAsync(params string[] options)
    {
        _process?.Dispose();
        var process = _process = OwnProcess.Start(
            User,
            folder,
            Path.Combine(await BinAsync(), "postgres"),
            [
                "-D",
                Data,
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                $"port={Port}",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=300",
                "-c",
                "fsync=off",
                .. options,
            ]
        );
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.UntilAsync(
            async () =>
            {
                try
                {
                    return await CountAsync(At(), "SELECT 1") == 1;
                }
                catch (NpgsqlException) when (!process.HasExited)
                {
                    return false;
                }
                catch (NpgsqlException exception)
                {
                    throw new InvalidOperationException($"PostgreSQL ended at its start: {Log()}", exception);
                }
            },
            TimeSpan.FromMinutes(3),
            "PostgreSQL answers"
        );
    }

    /// <summary>SIGKILL, to its children too.</summary>
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

    public async ValueTask DisposeAsync() => await KillAsync();

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.Enqueue(line.Data ?? "");
            if (_log.Count > 50)
                _log.Dequeue();
        }
    }

    private string Log()
    {
        lock (_log)
            return string.Join('\n', _log);
    }
}
