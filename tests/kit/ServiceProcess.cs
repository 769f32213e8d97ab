using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Safeguarding.TestKit;

/// <summary>A service as a process of its own, so that it can be killed without a chance to tidy up.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    /// <summary>
    /// Setting that sends what a service prints to a file of that name, as an init system does;
    /// <see cref="Log"/> is then empty.
    /// </summary>
    public const string LogFile = "Test:LogFile";

    private string _assembly;
    private readonly Dictionary<string, string?> _settings;
    private readonly string _log = Path.Combine(Path.GetTempPath(), $"hub-test-{Guid.CreateVersion7():n}.log");
    private Process? _process;
    private bool _killed;
    private StreamWriter? _writer;

    private ServiceProcess(string assembly, IReadOnlyDictionary<string, string?> settings, int port)
    {
        _assembly = assembly;
        _settings = settings.ToDictionary();
        ApplyLogins();
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    public int ProcessId => _process!.Id;

    public bool HasDied => _process!.HasExited;

    /// <summary>
    /// How often it was found dead by <see cref="StartAgainAsync(bool, ValueTuple{string, string}[])"/>
    /// without having been killed from here.
    /// </summary>
    public int Deaths { get; private set; }

    /// <summary>Everything it has logged so far.</summary>
    public string Log
    {
        get
        {
            using var reader = new StreamReader(
                new FileStream(_log, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite)
            );
            return reader.ReadToEnd();
        }
    }

    /// <param name="assembly">File name without extension, such as <c>Safeguarding.Matching</c>; it lies beside the
    /// tests, or where its path says.</param>
    /// <param name="settings">Settings as <c>Section:Key</c>.</param>
    public static async Task<ServiceProcess> StartAsync(string assembly, IReadOnlyDictionary<string, string?> settings)
    {
        var service = Of(assembly, settings);
        await service.StartAgainAsync();
        return service;
    }

    // An earlier release, which lies elsewhere, has one login: the owner's.
    private void ApplyLogins() =>
        ServiceLogins.Apply(
            string.Concat(
                    Path.GetFileName(_assembly)["Safeguarding.".Length..]
                        .Select(letter => char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{letter}")
                )
                .TrimStart('_'),
            _settings,
            asOwner: Path.IsPathRooted(_assembly) && !_assembly.StartsWith(Repository.Root, StringComparison.Ordinal)
        );

    /// <summary>A service that is not started yet.</summary>
    public static ServiceProcess Of(string assembly, IReadOnlyDictionary<string, string?> settings) =>
        new(assembly, settings, FreePort.Next());

    /// <summary>Starts another build of it at the same address.</summary>
    public Task StartAgainAsync(string assembly)
    {
        _assembly = assembly;
        return StartAgainAsync();
    }

    /// <summary>Starts it (again) at the same address and waits until it is live.</summary>
    public Task StartAgainAsync() => StartAgainAsync(mayDie: false);

    /// <summary>As <see cref="StartAgainAsync()"/>.</summary>
    /// <param name="mayDie">Whether it may end while it starts, because it was told to.</param>
    /// <param name="settings">Settings that change from now on; null takes one away.</param>
    public async Task StartAgainAsync(bool mayDie, params (string Key, string? Value)[] settings)
    {
        foreach (var (key, value) in settings)
            _settings[key] = value;
        ApplyLogins();
        Deaths = mayDie ? 0 : Deaths + (_process is { HasExited: true } && !_killed ? 1 : 0);
        _killed = false;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{_assembly}.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (_settings.GetValueOrDefault(LogFile) is { } file)
        {
            start = new ProcessStartInfo("sh", ["-c", "exec dotnet \"$0\" >>\"$1\" 2>&1", start.ArgumentList[0], file])
            {
                WorkingDirectory = start.WorkingDirectory,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
        }

        foreach (var (key, value) in _settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        // Beside endpoints that the test's settings name.
        start.Environment["Kestrel__Endpoints__Test__Url"] = Address.AbsoluteUri;
        start.Environment["Logging__LogLevel__Default"] = "Information";
        _writer = new StreamWriter(new FileStream(_log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            AutoFlush = true,
        };
        _process = Process.Start(start)!;
        var writer = _writer;
        void Keep(object _, DataReceivedEventArgs line)
        {
            lock (writer)
                writer.WriteLine(line.Data);
        }

        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(2) };
        await Eventually.UntilAsync(
            async () =>
            {
                if (_process.HasExited && !mayDie)
                    Assert.Fail($"{_assembly} ended at its start with {_process.ExitCode}; see {_log}");
                if (_process.HasExited)
                    return true;
                try
                {
                    return (await client.GetAsync("/health/live")).IsSuccessStatusCode;
                }
                catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
                {
                    return false;
                }
            },
            TimeSpan.FromMinutes(3),
            $"{_assembly} is live"
        );
    }

    /// <summary>SIGKILL: nothing is flushed, closed or answered.</summary>
    public async Task KillAsync()
    {
        _killed = true;
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: it ends what it is at, exports what it has measured, and is gone.</summary>
    public async Task StopAsync()
    {
        _killed = true;
        using var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process!.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        if (_writer is not null)
            await _writer.DisposeAsync();
        File.Delete(_log);
    }
}
