using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>What is held of the sources as text.</summary>
public sealed class Source_files
{
    private const int Columns = 120;

    [Fact]
    public void No_line_of_code_is_longer_than_120_columns()
    {
        var tooLong = Sources().SelectMany(file => LongLines(file.Path, file.Text)).ToList();
        Assert.True(tooLong.Count == 0, string.Join('\n', tooLong));
    }

    // Text that a program prints or reads may be longer: breaking it would make it harder to search for.
    private static IEnumerable<string> LongLines(string path, string text)
    {
        var raw = false;
        foreach (var (number, line) in text.Split('\n').Index())
        {
            var isText = raw || line.Contains('"', StringComparison.Ordinal);
            if (line.Split("\"\"\"").Length % 2 == 0)
                raw = !raw;
            if (line.Length > Columns && !isText)
                yield return $"{path}:{number + 1}: {line.Length} columns";
        }
    }

    private static IEnumerable<(string Path, string Text)> Sources()
    {
        string[] folders = ["contracts", "infra", "services", "tests", "tools"];
        return from folder in folders
            from file in Directory.EnumerateFiles(
                Path.Combine(Repository.Root, folder),
                "*.cs",
                SearchOption.AllDirectories
            )
            let path = Path.GetRelativePath(Repository.Root, file)
            let parts = path.Split(Path.DirectorySeparatorChar)
            where !parts.Contains("obj") && !parts.Contains("bin") && !parts.Contains("Migrations")
            select (path, File.ReadAllText(file));
    }
}
