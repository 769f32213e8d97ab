using System.Globalization;

namespace Safeguarding.Portal.Words;

/// <summary>Counts as people read them; a small one is not said, so that nobody can be recognised.</summary>
internal static class FigureWords
{
    /// <summary>A count that the service gives whole: 1 to 4 are not shown.</summary>
    public static string Shown(int? count) => Count(count is >= 1 and <= 4 ? null : count);

    public static string Count(int? count) => count?.ToString("N0", CultureInfo.GetCultureInfo("en-GB")) ?? "not shown";

    public static string InCsv(int? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "*";

    public static string Minutes(double? minutes) =>
        minutes switch
        {
            null => "too few to say",
            < 1 => "under a minute",
            < 90 => $"{minutes:0} minutes",
            _ => $"{minutes / 60:0.#} hours",
        };
}
