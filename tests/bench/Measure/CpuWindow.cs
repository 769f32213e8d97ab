using System.Diagnostics;
using System.Globalization;

namespace Safeguarding.Bench.Measure;

/// <summary>
/// CPU used between two moments: by process trees, by this process alone (its children may be among the
/// trees), and by everybody else.
/// </summary>
internal sealed class CpuWindow
{
    private readonly IReadOnlyDictionary<string, int> _roots;
    private readonly Dictionary<string, double> _before;
    private readonly double _machineBefore = MachineSeconds();
    private readonly TimeSpan _generatorBefore = Environment.CpuUsage.TotalTime;
    private readonly long _began = Stopwatch.GetTimestamp();

    public CpuWindow(IReadOnlyDictionary<string, int> roots)
    {
        _roots = roots;
        _before = ProcessTree.CpuSeconds(roots);
    }

    public CpuUse End()
    {
        var after = ProcessTree.CpuSeconds(_roots);
        var used = after.ToDictionary(
            process => process.Key,
            process => process.Value - _before[process.Key],
            StringComparer.Ordinal
        );
        var wall = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        var generator = (Environment.CpuUsage.TotalTime - _generatorBefore).TotalSeconds;
        var others = Math.Max(0, MachineSeconds() - _machineBefore - used.Values.Sum() - generator);
        return new CpuUse(used, generator, wall, others / (wall * Environment.ProcessorCount));
    }

    private static double MachineSeconds()
    {
        // user nice system idle iowait irq softirq steal: all but idle and iowait is somebody's.
        var fields = File.ReadLines("/proc/stat")
            .First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture))
            .ToArray();
        return (fields.Sum() - fields[3] - fields[4]) / ProcessTree.TicksPerSecond;
    }
}

/// <param name="Seconds">CPU seconds by process.</param>
/// <param name="Generator">CPU seconds of this process: load and sink.</param>
/// <param name="Wall">Length of the window in seconds.</param>
/// <param name="OthersShare">Share of the machine that processes not named took, 0 to 1.</param>
internal sealed record CpuUse(
    IReadOnlyDictionary<string, double> Seconds,
    double Generator,
    double Wall,
    double OthersShare
);
