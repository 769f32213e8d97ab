using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Safeguarding.Cli.Run;

/// <summary>A service that runs on this machine as a process of its own, beyond the life of this program.</summary>
internal sealed class ServiceProcess(string name)
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    public static readonly IReadOnlyList<ServiceProcess> All =
    [
        new("identity"),
        new("plan-registry"),
        new("encounter-ingest"),
        new("matching"),
        new("notification"),
        new("portal"),
    ];

    public string Name { get; } = name;

    public int Port => HubPorts.Get(Name);

    public string Log => Path.Combine(Place.State, "logs", $"{Name}.log");

    private string Note => Path.Combine(Place.State, "run", $"{Name}.pid");

    private string Assembly =>
        $"Safeguarding.{string.Concat(Name.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]))}.dll";

    /// <summary>
    /// Its id, and which settings it was started with. An id alone may have been given to another program
    /// since: the start time makes it ours.
    /// </summary>
    public (int Pid, string Mode)? Running()
    {
        if (
            !File.Exists(Note)
            || File.ReadAllText(Note).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                is not [var pid, var since, .. var rest]
        )
        {
            return null;
        }

        return StartedAt(int.Parse(pid, CultureInfo.InvariantCulture)) == since
            ? (int.Parse(pid, CultureInfo.InvariantCulture), rest.FirstOrDefault() ?? "")
            : null;
    }

    /// <param name="mode">What the settings are, in a word; another word than it runs with means that it must be
    /// started again.</param>
    /// <param name="settings">Configuration of this service.</param>
    /// <param name="user">Whom it runs as; null is whoever runs this program.</param>
    public async Task StartAsync(string mode, IReadOnlyDictionary<string, string> settings, ServiceUser? user)
    {
        var app = Path.Combine(Place.State, "app", Name);
        var source = Path.Combine(Place.Root, Name == "identity" ? "infra" : "services", Name, "bin/Release/net10.0");
        if (!File.Exists(Path.Combine(source, Assembly)))
            throw new RefusedException($"{Name} is not built: dotnet build infra/hub.slnf -c Release");
        // A copy, because a build would overwrite the files of a running process.
        if (Directory.Exists(app))
            Directory.Delete(app, recursive: true);
        Copy(source, app);
        CopyAssets(app);
        Directory.CreateDirectory(Path.GetDirectoryName(Log)!);
        Directory.CreateDirectory(Path.GetDirectoryName(Note)!);
        var (dotnet, log) = ("dotnet", Log);
        if (user is not null)
        {
            await Programs.RunAsync("chmod", ["-R", "a+rX", Path.GetDirectoryName(app)!]);
            dotnet = await DotnetForAsync(user);
            // Not where root writes too: who owns a folder may put a link in the place of a file.
            log = Path.Combine(ServiceUser.Logs, Path.GetFileName(Log));
            if (new FileInfo(Log) is { Exists: true, LinkTarget: null })
                File.Move(Log, $"{Log}.1", overwrite: true);
            File.Delete(Log);
            File.CreateSymbolicLink(Log, log);
        }

        // A session of its own, so that Ctrl-C here does not reach it.
        var start = new ProcessStartInfo(
            "setsid",
            RunAs(user, "sh", "-c", "exec \"$2\" \"$0\" >>\"$1\" 2>&1 </dev/null", Assembly, log, dotnet)
        )
        {
            WorkingDirectory = app,
        };
        // What this program knows as administrator is none of a service's business.
        foreach (
            var known in start.Environment.Keys.Where(key => key.StartsWith("HUB_", StringComparison.Ordinal)).ToList()
        )
        {
            start.Environment.Remove(known);
        }

        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        // Bounded: at 10 MiB the service makes it NAME.log.1, and keeps four of those.
        start.Environment["Logs__File"] = log;
        // Root's are closed to it.
        if (user is not null)
        {
            start.Environment["HOME"] = "/nonexistent";
            start.Environment.Remove("TMPDIR");
        }

        using var process = Process.Start(start)!;
        File.WriteAllText(Note, $"{process.Id} {StartedAt(process.Id)} {mode}\n");
    }

    /// <param name="user">Null is whoever runs this program.</param>
    public bool RunsAs(ServiceUser? user) =>
        user is null
        || (
            Running() is { } running
            && File.ReadLines($"/proc/{running.Pid}/status")
                .Any(line => line.StartsWith($"Uid:\t{user.Id}\t", StringComparison.Ordinal))
        );

    /// <summary>
    /// Whether that process itself listens on its port: where another program has taken it meanwhile, that one
    /// answers, and answers well.
    /// </summary>
    /// <param name="user">Whom it runs as; null is whoever runs this program.</param>
    public bool Listens(ServiceUser? user)
    {
        if (Running() is not { } running)
            return false;
        // In a container root may not look into a process of another user.
        if (user is not null)
            return SocketsOn(Port, user.Id).Count > 0;
        var inodes = SocketsOn(Port);
        return inodes.Count > 0
            && Directory
                .GetFiles($"/proc/{running.Pid}/fd")
                .Any(link => new FileInfo(link).LinkTarget is { } target && inodes.Contains(target));
    }

    public bool PortIsTaken() => SocketsOn(Port).Count > 0;

    public async Task StopAsync(Action<string> say)
    {
        if (Running() is { } running)
        {
            await Programs.RunAsync("sh", ["-c", $"kill -TERM {running.Pid}"]);
            var began = TimeProvider.System.GetTimestamp();
            while (Running() is not null && TimeProvider.System.GetElapsedTime(began) < StopsWithin)
                await Task.Delay(Soon);
            if (Running() is not null)
            {
                say($"  {Name} did not stop within 30 s: killed");
                await Programs.RunAsync("sh", ["-c", $"kill -KILL {running.Pid}"]);
            }

            say($"  {Name} stopped");
        }

        File.Delete(Note);
    }

    public TimeSpan? RunningFor()
    {
        if (Running() is not { } running || StartedAt(running.Pid) is not { } ticks)
            return null;
        var up = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        // USER_HZ is 100 on every architecture that .NET runs on
        return TimeSpan.FromSeconds(up - (long.Parse(ticks, CultureInfo.InvariantCulture) / 100.0));
    }

    /// <summary>Field 22 of /proc/PID/stat; a process that has ended and is not yet buried does not run.</summary>
    private static string? StartedAt(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : fields[19];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string[] RunAs(ServiceUser? user, params string[] command) => user?.Run(command) ?? command;

    // Installed for root alone, it is copied: a hundred megabytes.
    private static async Task<string> DotnetForAsync(ServiceUser user)
    {
        var own = Environment.ProcessPath!;
        if (await user.CanAsync("-x", own))
            return own;
        var copy = Path.Combine(Place.State, "dotnet", $"{Environment.Version}");
        if (!Directory.Exists(copy))
        {
            var draft = $"{copy}.new";
            foreach (var part in (string[])["host", "shared"])
                Copy(Path.Combine(Path.GetDirectoryName(own)!, part), Path.Combine(draft, part));
            File.Copy(own, Path.Combine(draft, "dotnet"), overwrite: true);
            await Programs.RunAsync("chmod", ["-R", "a+rX", draft]);
            Directory.Move(draft, copy);
        }

        return Path.Combine(copy, "dotnet");
    }

    private static HashSet<string> SocketsOn(int port, string? ofUser = null)
    {
        var suffix = $":{port:X4}";
        return
        [
            .. ((string[])["/proc/net/tcp", "/proc/net/tcp6"])
                .Where(File.Exists)
                .SelectMany(File.ReadLines)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields =>
                    fields.Length > 9
                    && fields[3] == "0A"
                    && fields[1].EndsWith(suffix, StringComparison.Ordinal)
                    && (ofUser is null || fields[7] == ofUser)
                )
                .Select(fields => $"socket:[{fields[9]}]"),
        ];
    }

    // What the portal serves lies in its source folder, where the manifest of the build says.
    private static void CopyAssets(string app)
    {
        foreach (var manifest in Directory.GetFiles(app, "*.staticwebassets.runtime.json"))
        {
            var assets = JsonNode.Parse(File.ReadAllText(manifest))!;
            var folders = assets["ContentRoots"]!.AsArray();
            for (var i = 0; i < folders.Count; i++)
            {
                var copy = Path.Combine(app, "assets", i.ToString(CultureInfo.InvariantCulture)) + "/";
                Copy((string)folders[i]!, copy);
                folders[i] = copy;
            }

            File.WriteAllText(manifest, assets.ToJsonString());
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        foreach (var folder in Directory.GetDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
