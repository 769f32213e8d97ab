using Safeguarding.Matching.Rules;

namespace Safeguarding.MatchFiles;

/// <summary>The two files, read: the same list twice where a file is linked with itself.</summary>
internal sealed record FilePair(
    IReadOnlyList<string> RegistryIds,
    IReadOnlyList<Person> Registry,
    IReadOnlyList<string> EncounterIds,
    IReadOnlyList<Person> Encounters,
    IReadOnlyList<string> Traits,
    bool Self
)
{
    /// <summary>A row that is the query itself: never a candidate.</summary>
    public bool IsItself(int encounter, int row) => Self && encounter == row;
}
