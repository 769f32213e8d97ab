using System.Numerics;

namespace Safeguarding.Matching.Rules.Measures;

/// <summary>Jaro-Winkler similarity of two words, 0 to 1, without allocating.</summary>
internal static class JaroWinkler
{
    private const int Longest = 64;

    public static double Similarity(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.Length > Longest)
            left = left[..Longest];
        if (right.Length > Longest)
            right = right[..Longest];
        if (left.SequenceEqual(right))
            return 1;
        if (left.IsEmpty || right.IsEmpty)
            return 0;

        // The longer is the outer one, so that the measure is symmetric.
        if (left.Length > right.Length || (left.Length == right.Length && left.SequenceCompareTo(right) > 0))
        {
            var swap = left;
            left = right;
            right = swap;
        }

        var jaro = Jaro(left, right);
        if (jaro <= 0.7)
            return jaro;
        var prefix = 0;
        while (prefix < Math.Min(4, left.Length) && left[prefix] == right[prefix])
            prefix++;
        return jaro + (prefix * 0.1 * (1 - jaro));
    }

    /// <summary>
    /// False where two words have too few letters in common to be as alike as this; it takes a fraction of the
    /// time to find the similarity.
    /// </summary>
    public static bool MayReach(double similarity, ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.IsEmpty || right.IsEmpty || left.Length > Longest || right.Length > Longest)
            return true;
        var (ours, theirs) = (LettersOf(left), LettersOf(right));
        var matches = Math.Min(
            left.Length - BitOperations.PopCount(ours & ~theirs),
            right.Length - BitOperations.PopCount(theirs & ~ours)
        );
        var jaro = (((double)matches / left.Length) + ((double)matches / right.Length) + 1) / 3;
        var prefix = Math.Min(4, left.CommonPrefixLength(right));
        return (matches == 0 ? 0 : jaro + (prefix * 0.1 * (1 - jaro))) >= similarity;
    }

    // Two letters may share a bit; that only makes words look more alike.
    private static ulong LettersOf(ReadOnlySpan<char> word)
    {
        ulong letters = 0;
        foreach (var letter in word)
            letters |= 1UL << (letter & 63);
        return letters;
    }

    private static double Jaro(ReadOnlySpan<char> shorter, ReadOnlySpan<char> longer)
    {
        var range = Math.Max((longer.Length / 2) - 1, 0);
        ulong takenShort = 0,
            takenLong = 0;
        var matches = 0;
        for (var i = 0; i < shorter.Length; i++)
        {
            var end = Math.Min(i + range + 1, longer.Length);
            for (var j = Math.Max(i - range, 0); j < end; j++)
            {
                if ((takenLong & (1UL << j)) != 0 || shorter[i] != longer[j])
                    continue;
                takenShort |= 1UL << i;
                takenLong |= 1UL << j;
                matches++;
                break;
            }
        }

        if (matches == 0)
            return 0;

        var outOfOrder = 0;
        var k = 0;
        for (var i = 0; i < shorter.Length; i++)
        {
            if ((takenShort & (1UL << i)) == 0)
                continue;
            while ((takenLong & (1UL << k)) == 0)
                k++;
            if (shorter[i] != longer[k])
                outOfOrder++;
            k++;
        }

        double m = matches;
        return ((m / shorter.Length) + (m / longer.Length) + ((m - (outOfOrder / 2)) / m)) / 3;
    }
}
