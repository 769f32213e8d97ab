using System.Collections.Frozen;
using System.Globalization;
using Safeguarding.Matching.Rules.Names;

namespace Safeguarding.Matching.Rules.Traits;

/// <summary>How far apart postcode areas are: LS is Leeds, TR is Truro.</summary>
internal static class PostcodeAreas
{
    private const double KilometresOfADegree = 111.2;

    private static readonly FrozenDictionary<string, (double North, double East)> Places = NameLines
        .Read("postcode-areas.txt")
        .ToFrozenDictionary(line => line[0], line => (Degrees(line[1]), Degrees(line[2])));

    /// <summary>Kilometres between the middles of two areas; null where either is no area of the United
    /// Kingdom.</summary>
    public static double? Between(Postcode left, Postcode right)
    {
        var places = Places.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!places.TryGetValue(left.Area, out var ours) || !places.TryGetValue(right.Area, out var theirs))
            return null;
        var north = ours.North - theirs.North;
        var east = (ours.East - theirs.East) * double.CosPi((ours.North + theirs.North) / 360);
        return KilometresOfADegree * double.Hypot(north, east);
    }

    private static double Degrees(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
