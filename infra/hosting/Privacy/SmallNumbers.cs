namespace Safeguarding.Hosting.Privacy;

/// <summary>
/// Statistical disclosure control: counts so small that somebody who knows the place might recognise a child are left
/// out of figures that are passed on.
/// </summary>
public static class SmallNumbers
{
    /// <summary>The smallest count that is shown, apart from none.</summary>
    public const int Fewest = 5;

    /// <summary>A count, or null where it is smaller than <see cref="Fewest"/> and not zero.</summary>
    /// <param name="count">How many.</param>
    public static int? Hide(int count) => count is > 0 and < Fewest ? null : count;

    /// <summary>
    /// The parts of a total that is shown too. Where only one of them would be hidden, subtraction would give it
    /// away: the smallest of the others is hidden with it.
    /// </summary>
    /// <param name="counts">The parts.</param>
    /// <returns>In the same order; null where it is hidden.</returns>
    public static IReadOnlyList<int?> HideParts(IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int?[] shown = [.. counts.Select(Hide)];
        if (shown.Count(count => count is null) == 1 && shown.Where(count => count > 0).Min() is { } smallest)
            shown[Array.IndexOf(shown, smallest)] = null;
        return shown;
    }
}
