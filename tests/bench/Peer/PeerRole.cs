using System.Diagnostics;
using System.Globalization;
using Safeguarding.Bench.Hub;
using Safeguarding.TestKit;

namespace Safeguarding.Bench.Peer;

/// <summary>One of a peer's three processes.</summary>
internal sealed class PeerRole : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private PeerRole(Process process, Uri address) => (_process, Address) = (process, address);

    public int ProcessId => _process.Id;

    public Uri Address { get; }

    public static async Task<PeerRole> StartAsync(
        PeerKind kind,
        string role,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken
    )
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}");
        var start = new ProcessStartInfo("dotnet", [Program, kind.Word(), role]);
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var started = new PeerRole(Process.Start(start)!, address);

        using var http = new HttpClient();
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(100, cancellationToken))
        {
            try
            {
                using var ready = await http.GetAsync(new Uri(address, "/health"), cancellationToken);
                if (ready.IsSuccessStatusCode)
                    return started;
            }
            catch (HttpRequestException) when (!started._process.HasExited)
            {
                // Not listening yet.
            }

            if (Stopwatch.GetElapsedTime(began) > Timeout)
            {
                throw new BenchFailedException(
                    $"The {kind.Title()}'s {role} is not ready after {Timeout.TotalSeconds} s."
                );
            }
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    // bench/bin/Release/net10.0 to bench/baseline/bin/Release/net10.0
    private static string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(
                here.Parent!.Parent!.Parent!.FullName,
                "baseline",
                "bin",
                here.Parent.Name,
                here.Name,
                "Safeguarding.Bench.Baseline.dll"
            );
        }
    }
}
