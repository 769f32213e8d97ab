using System.Globalization;

namespace Safeguarding.Matching.Rules.Frequencies;

/// <summary>
/// Counts of names that come with the rules: after the head, how many people, then a name and its bearers a line.
/// </summary>
internal static class CountedNames
{
    /// <summary>The shares with the counted names beside those that were stated; the larger of the two.</summary>
    public static Shares Beside(Shares stated, string document)
    {
        using var stream = typeof(CountedNames).Assembly.GetManifestResourceStream(
            $"Safeguarding.Matching.Rules.{document}"
        )!;
        using var reader = new StreamReader(stream);
        var shares = stated.Values.ToDictionary();
        double people = 0;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var number = double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture);
            if (people == 0)
                people = number;
            else
                shares[line[..space]] = Math.Max(shares.GetValueOrDefault(line[..space]), number / people);
        }

        return stated with
        {
            Values = shares,
        };
    }
}
