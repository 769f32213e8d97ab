namespace Safeguarding.Matching.Rules.Measures;

/// <summary>
/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, without allocating.
/// </summary>
internal static class EditDistance
{
    private const int Longest = 64;

    /// <summary>The distance, or <paramref name="atMost"/> + 1 where it is larger.</summary>
    public static int Between(ReadOnlySpan<char> left, ReadOnlySpan<char> right, int atMost)
    {
        if (left.Length > Longest)
            left = left[..Longest];
        if (right.Length > Longest)
            right = right[..Longest];
        if (Math.Abs(left.Length - right.Length) > atMost)
            return atMost + 1;

        // What both begin and end with costs nothing, and leaves little of most words that are near.
        var alike = left.CommonPrefixLength(right);
        left = left[alike..];
        right = right[alike..];
        while (!left.IsEmpty && !right.IsEmpty && left[^1] == right[^1])
        {
            left = left[..^1];
            right = right[..^1];
        }

        if (left.IsEmpty || right.IsEmpty)
            return Math.Max(left.Length, right.Length);
        if (atMost == 1)
            return (left.Length == 1 && right.Length == 1) || AreSwapped(left, right) ? 1 : 2;
        return OfRest(left, right, atMost);
    }

    private static bool AreSwapped(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        left.Length == 2 && right.Length == 2 && left[0] == right[1] && left[1] == right[0];

    private static int OfRest(ReadOnlySpan<char> left, ReadOnlySpan<char> right, int atMost)
    {
        Span<int> beforeLast = stackalloc int[Longest + 1];
        Span<int> last = stackalloc int[Longest + 1];
        Span<int> current = stackalloc int[Longest + 1];
        for (var j = 0; j <= right.Length; j++)
            last[j] = j;

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            var lowest = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    best = Math.Min(best, beforeLast[j - 2] + 1);
                current[j] = best;
                lowest = Math.Min(lowest, best);
            }

            if (lowest > atMost)
                return atMost + 1;
            var spare = beforeLast;
            beforeLast = last;
            last = current;
            current = spare;
        }

        return Math.Min(last[right.Length], atMost + 1);
    }
}
