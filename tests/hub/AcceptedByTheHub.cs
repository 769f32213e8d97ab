using System.Text.Json;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// What trusts asked and were answered, in a file of their own, each line on the disk before the next step: the oracle
/// of the fault suite. It knows nothing of the hub but its routes.
/// </summary>
internal sealed class AcceptedByTheHub : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"hub-oracle-{Guid.CreateVersion7():n}.ndjson");
    private readonly FileStream _log;
    private readonly Lock _lock = new();

    public AcceptedByTheHub() => _log = new FileStream(_file, FileMode.CreateNew, FileAccess.Write, FileShare.Read);

    public void Asked(string encounter, string? council, string? plan) =>
        Write(new Line("asked", encounter, council, plan, null));

    public void Answered(string encounter, int status) => Write(new Line("answered", encounter, null, null, status));

    /// <summary>
    /// Reads the file again and says which encounters were accepted and which alerts must therefore exist:
    /// once each, and no other.
    /// </summary>
    public (HashSet<string> Encounters, HashSet<(string Council, string Plan)> Alerts) Model()
    {
        var lines = ReadLines();
        var accepted = lines
            .Where(line => line is { What: "answered", Status: >= 200 and < 300 })
            .Select(line => line.Encounter)
            .ToHashSet();
        var alerts = lines
            .Where(line => line is { What: "asked", Plan: not null } && accepted.Contains(line.Encounter))
            .Select(line => (line.Council!, line.Plan!))
            .ToHashSet();
        return (accepted, alerts);
    }

    public int Refusals => ReadLines().Count(line => line.What == "answered" && line.Status is < 200 or >= 300);

    public void Dispose()
    {
        _log.Dispose();
        File.Delete(_file);
    }

    private List<Line> ReadLines()
    {
        using var reader = new StreamReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = new List<Line>();
        while (reader.ReadLine() is { } line)
            lines.Add(JsonSerializer.Deserialize<Line>(line)!);
        return lines;
    }

    private void Write(Line line)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line), (byte)'\n'];
        lock (_lock)
        {
            _log.Write(bytes);
            _log.Flush(flushToDisk: true);
        }
    }

    private sealed record Line(string What, string Encounter, string? Council, string? Plan, int? Status);
}
