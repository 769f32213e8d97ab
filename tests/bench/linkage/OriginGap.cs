using System.Globalization;

namespace Safeguarding.Bench.Linkage;

/// <summary>
/// A rate in each name-origin group with its error, and the gap between the groups. The gap is nil within its error
/// where one rate for all of them lies in every group's interval.
/// </summary>
internal static class OriginGap
{
    private const double Z = 1.96;

    public static void Print(
        TextWriter text,
        string what,
        IEnumerable<(string Group, int Hits, int Of)> counted,
        double per
    )
    {
        var groups = counted.Where(group => group.Of > 0).ToList();
        text.WriteLine();
        text.WriteLine($"{what}, by name-origin group (95 % interval, Wilson):");
        foreach (var (group, hits, of) in groups)
        {
            var (low, high) = Wilson(hits, of);
            text.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{group, -32} {hits, 8:N0} of {of, 8:N0} {per * hits / of, 10:F2} "
                        + $"({per * low:F2} to {per * high:F2})"
                )
            );
        }

        var rates = groups.ConvertAll(group => (double)group.Hits / group.Of);
        var intervals = groups.ConvertAll(group => Wilson(group.Hits, group.Of));
        var isNil = intervals.Max(interval => interval.Low) <= intervals.Min(interval => interval.High);
        var error = isNil ? "nil within its error" : "more than its error";
        text.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"gap between name-origin groups: {per * (rates.Max() - rates.Min()):F2}, {error}"
            )
        );
    }

    private static (double Low, double High) Wilson(int hits, int of)
    {
        var rate = (double)hits / of;
        var middle = (rate + (Z * Z / (2 * of))) / (1 + (Z * Z / of));
        var half = Z / (1 + (Z * Z / of)) * Math.Sqrt((rate * (1 - rate) / of) + (Z * Z / (4.0 * of * of)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
