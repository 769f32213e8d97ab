using Safeguarding.TestKit;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>Compares lines with those of a file in <c>Record/</c>.</summary>
internal static class OnRecord
{
    private const int Shown = 5;

    public static void Compare(string file, IReadOnlyList<string> lines, Func<int, string> more)
    {
        var path = Path.Combine(Repository.Root, "tests/matching-rules/Record", file);
        if (Environment.GetEnvironmentVariable("HUB_RECORD_WRITE") == "1")
            File.WriteAllLines(path, lines);
        var recorded = File.ReadAllLines(path);
        Assert.Equal(recorded.Length, lines.Count);
        var changed = Enumerable.Range(0, lines.Count).Where(i => lines[i] != recorded[i]).ToList();
        Assert.True(
            changed.Count == 0,
            $"{changed.Count} of {lines.Count} are other than on record, where HUB_RECORD_WRITE=1 puts them:\n"
                + string.Join('\n', changed.Take(Shown).Select(i => $"{i}: was {recorded[i]}\nis {more(i)}"))
        );
    }
}
