using System.Globalization;

namespace Safeguarding.Bench.Measure;

/// <summary>What a process and all its descendants use, as the kernel counts it in /proc.</summary>
internal static class ProcessTree
{
    /// <summary>Clock ticks of a second in /proc; the same on every Linux that .NET runs on.</summary>
    public const double TicksPerSecond = 100;

    /// <returns>CPU seconds since each started; children that have ended are in their parent's.</returns>
    public static Dictionary<string, double> CpuSeconds(IReadOnlyDictionary<string, int> roots) =>
        Sum(roots, process => process.CpuTicks / TicksPerSecond);

    /// <returns>Megabytes, shared pages divided among their users.</returns>
    public static Dictionary<string, double> Megabytes(IReadOnlyDictionary<string, int> roots) =>
        Sum(roots, process => Kilobytes(process.Id) / 1024.0);

    private static Dictionary<string, double> Sum(IReadOnlyDictionary<string, int> roots, Func<Entry, double> of)
    {
        var all = Read();
        var children = all.Values.ToLookup(process => process.Parent);
        return roots.ToDictionary(root => root.Key, root => Of(root.Value), StringComparer.Ordinal);

        double Of(int id) =>
            all.TryGetValue(id, out var process) ? of(process) + children[id].Sum(child => Of(child.Id)) : 0;
    }

    private static Dictionary<int, Entry> Read()
    {
        var all = new Dictionary<int, Entry>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && TryRead($"{folder}/stat") is { } stat
            )
            {
                // Behind the name, which may hold blanks: state, parent, … the 12th to 15th are utime, stime, cutime,
                // cstime.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                all[id] = new Entry(
                    id,
                    int.Parse(fields[1], CultureInfo.InvariantCulture),
                    fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture))
                );
            }
        }

        return all;
    }

    private static long Kilobytes(int id)
    {
        var line = TryRead($"/proc/{id}/smaps_rollup")
            ?.Split('\n')
            .FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[4..^2].Trim(), CultureInfo.InvariantCulture);
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended in between, or belongs to somebody else.
            return null;
        }
    }

    private sealed record Entry(int Id, int Parent, long CpuTicks);
}
