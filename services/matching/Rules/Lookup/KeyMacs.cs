namespace Safeguarding.Matching.Rules.Lookup;

/// <summary>
/// MACs of block keys. Each of the first <paramref name="Alone"/> finds by itself, the others only together with one
/// more. While look-up keys rotate a block key has a MAC under each; they stand side by side and count as one.
/// </summary>
/// <param name="All">The MACs.</param>
/// <param name="Alone">How many find by themselves.</param>
/// <param name="Blocks">Of which block key each is; null where each is of another.</param>
internal readonly record struct KeyMacs(long[] All, int Alone, int[]? Blocks = null)
{
    /// <summary>Keys of which each finds by itself.</summary>
    public static KeyMacs Each(long[] keys) => new(keys, keys.Length);

    /// <summary>Of which block key the MAC at a place is.</summary>
    public int BlockAt(int place) => Blocks?[place] ?? place;

    /// <summary>The same, and further keys of which each finds by itself.</summary>
    public KeyMacs And(long[] further)
    {
        if (All is null)
            return Each(further);
        var (own, added) = (this, further.Except(All[..Alone]).ToArray());
        var blocks = Enumerable.Range(0, All.Length).Select(own.BlockAt).ToArray();
        return new(
            [.. All[..Alone], .. added, .. All[Alone..]],
            Alone + added.Length,
            [.. blocks[..Alone], .. Enumerable.Range(1, added.Length).Select(i => -i), .. blocks[Alone..]]
        );
    }
}
