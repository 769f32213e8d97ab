using Safeguarding.Matching.Domain.Keys;

namespace Safeguarding.Matching.Names;

/// <summary>The count that this replica decides with; whole, and replaced whole.</summary>
public sealed class NamesLearned
{
    private NameCount _current = NameCount.None;

    /// <summary>For a batch: all of it is decided with one count.</summary>
    internal NameCount Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
