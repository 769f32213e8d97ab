using System.Globalization;

namespace Safeguarding.Bench.Measure;

/// <summary>
/// Finds the process that listens on a port of this machine: so a server is found however it was
/// started.
/// </summary>
internal static class Listener
{
    private const string Listening = "0A";

    /// <returns>Null where nobody here listens there, or it may not be seen.</returns>
    public static int? ProcessOn(int port)
    {
        var end = $":{port:X4}";
        var sockets = new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields =>
                fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(end, StringComparison.Ordinal)
            )
            .Select(fields => $"socket:[{fields[9]}]")
            .ToHashSet(StringComparer.Ordinal);
        if (sockets.Count == 0)
            return null;
        var holders = Directory
            .EnumerateDirectories("/proc")
            .Select(folder =>
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                    ? id
                    : 0
            )
            .Where(id => id > 0 && Holds(id, sockets))
            .ToList();
        // Children inherit the socket; the first is the server itself.
        return holders.Count == 0 ? null : holders.Min();
    }

    private static bool Holds(int id, HashSet<string> sockets)
    {
        try
        {
            return Directory
                .EnumerateFiles($"/proc/{id}/fd")
                .Any(fd =>
                    File.ResolveLinkTarget(fd, returnFinalTarget: false)?.Name is { } target && sockets.Contains(target)
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
