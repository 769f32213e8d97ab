namespace Safeguarding.Matching.Lookup;

/// <summary>MACs of block keys. Each of the first <paramref name="Alone"/> finds by itself, the others only together with one more.</summary>
internal readonly record struct KeyMacs(long[] All, int Alone)
{
    /// <summary>Keys of which each finds by itself.</summary>
    public static KeyMacs Each(long[] keys) => new(keys, keys.Length);

    /// <summary>The same, and further keys of which each finds by itself.</summary>
    public KeyMacs And(long[] further) => All is null
        ? Each(further)
        : new([.. All[..Alone].Union(further), .. All[Alone..].Except(further)], All[..Alone].Union(further).Count());
}
