using System.Globalization;
using Safeguarding.Matching.Rules.Names;

namespace Safeguarding.Matching.Rules.Frequencies;

/// <summary>
/// Counts of names that come with the rules: after the head, how many people, then a name and its bearers a line.
/// </summary>
internal static class CountedNames
{
    /// <summary>The shares with the counted names beside those that were stated; the larger of the two.</summary>
    public static Shares Beside(Shares stated, string list)
    {
        var shares = stated.Values.ToDictionary();
        double people = 0;
        foreach (var line in NameLines.Read(list))
        {
            var (name, number) = (line[0], double.Parse(line[1], CultureInfo.InvariantCulture));
            if (people == 0)
                people = number;
            else
                shares[name] = Math.Max(shares.GetValueOrDefault(name), number / people);
        }

        return stated with
        {
            Values = shares,
        };
    }
}
