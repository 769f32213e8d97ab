namespace Safeguarding.Matching.Rules.Names;

/// <summary>Reads the lists of names that come with the rules: on each line the names that belong together.</summary>
internal static class NameLines
{
    /// <summary>The names of each line of an embedded list; comments and empty lines left out.</summary>
    public static IEnumerable<string[]> Read(string list)
    {
        using var stream = typeof(NameLines).Assembly.GetManifestResourceStream($"Safeguarding.Matching.Rules.{list}")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
