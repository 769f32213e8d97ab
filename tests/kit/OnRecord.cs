using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Safeguarding.TestKit;

/// <summary>Compares lines with those of a file that is kept beside the tests.</summary>
public static class OnRecord
{
    private const int Shown = 5;

    /// <summary>Fails where a line differs, and writes the file instead where HUB_RECORD_WRITE is 1.</summary>
    /// <param name="folder">The file's folder, from the root of the checkout.</param>
    /// <param name="file">The file.</param>
    /// <param name="lines">What it should hold.</param>
    /// <param name="more">What a line stands for, shown where it differs.</param>
    public static void Compare(string folder, string file, IReadOnlyList<string> lines, Func<int, string> more)
    {
        var path = Path.Combine(Repository.Root, folder, file);
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

    /// <summary>Eight digits that change with the text.</summary>
    public static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
