using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>The two files, read: the same list twice where a file is linked with itself.</summary>
/// <param name="RegistryIds">The ids of the registry's rows.</param>
/// <param name="Candidates">The registry's rows, in order, as the service has its plans.</param>
/// <param name="EncounterIds">The ids of the encounters.</param>
/// <param name="Encounters">The people looked for.</param>
/// <param name="Traits">The columns that a plan does not have, as <c>kind.column</c>.</param>
/// <param name="Self">True where a file is linked with itself.</param>
internal sealed record FilePair(
    IReadOnlyList<string> RegistryIds,
    IReadOnlyList<Candidate> Candidates,
    IReadOnlyList<string> EncounterIds,
    IReadOnlyList<Person> Encounters,
    IReadOnlyList<string> Traits,
    bool Self
)
{
    /// <summary>The people of the registry.</summary>
    public IReadOnlyList<Person> Registry { get; } = [.. Candidates.Select(candidate => candidate.Person)];

    /// <summary>False where the registry is no council's, and one person may stand in several rows.</summary>
    public bool HasCouncils => Candidates[0].CouncilCode.Length > 0;

    /// <summary>A row that is the query itself: never a candidate.</summary>
    public bool IsItself(int encounter, int row) => Self && encounter == row;
}
