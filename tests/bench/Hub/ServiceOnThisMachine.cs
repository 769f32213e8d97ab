using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Safeguarding.Bench.Hub;

/// <summary>A service that <c>./hub up --native</c> started, started again as it was.</summary>
internal sealed class ServiceOnThisMachine(string name, Uri address)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public string Name => name;

    /// <returns>From the start of the process until it said that it was ready.</returns>
    public async Task<TimeSpan> RestartAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var old = HubAddresses.ProcessOf(name);
        var start = AsItWasStarted(old);
        using (var running = Process.GetProcessById(old))
        {
            using var terminate = Process.Start("kill", ["-TERM", old.ToString(CultureInfo.InvariantCulture)]);
            await running.WaitForExitAsync(cancellationToken);
        }

        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        // So that ./hub status and ./hub down find it.
        var note = HubAddresses.NoteOf(name);
        var mode = (await File.ReadAllTextAsync(note, cancellationToken)).Trim().Split(' ')[^1];
        await File.WriteAllTextAsync(note, $"{process.Id} {StartedAt(process.Id)} {mode}\n", cancellationToken);
        while (!await IsReadyAsync(http, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(began) > Timeout)
                throw new BenchFailedException($"{name} was not ready {Timeout.TotalSeconds:F0} s after its start.");
            await Task.Delay(5, cancellationToken);
        }

        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // A session of its own and none of this program's output, so that it outlives it; its log is a file of its own.
    private static ProcessStartInfo AsItWasStarted(int pid)
    {
        var start = new ProcessStartInfo(
            "setsid",
            [.. AsUser(pid), "sh", "-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", .. Words(pid, "cmdline")]
        )
        {
            WorkingDirectory = File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: true)!.FullName,
        };
        start.Environment.Clear();
        foreach (var setting in Words(pid, "environ"))
        {
            if (setting.Split('=', 2) is [var key, var value])
                start.Environment[key] = value;
        }

        return start;
    }

    // As the same user: root starts the services as another.
    private static string[] AsUser(int pid)
    {
        if (!Environment.IsPrivilegedProcess)
            return [];
        string Id(string of) =>
            File.ReadLines($"/proc/{pid}/status")
                .First(line => line.StartsWith(of, StringComparison.Ordinal))
                .Split('\t')[1];
        return ["setpriv", $"--reuid={Id("Uid:")}", $"--regid={Id("Gid:")}", "--clear-groups", "--no-new-privs", "--"];
    }

    private static string[] Words(int pid, string of) =>
        Encoding
            .UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{of}"))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Field 22 of /proc/PID/stat, as the command line keeps it beside the process id.</summary>
    private static string StartedAt(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
    }
}
