namespace Safeguarding.Matching.Rules.Frequencies;

/// <summary>Families that draw on the same given names.</summary>
/// <param name="Name">What the names are.</param>
/// <param name="Share">The group's share of everybody.</param>
/// <param name="Families">Its family names.</param>
/// <param name="Givens">Given names that are borne in this group and hardly elsewhere.</param>
/// <param name="Source">Where share and names come from.</param>
public sealed record NameGroup(
    string Name,
    double Share,
    IReadOnlyList<string> Families,
    IReadOnlyList<string> Givens,
    string Source
)
{
    // However few names a group draws on, agreeing on one still says something.
    internal const double MostOfOneName = 0.1;

    private readonly HashSet<string> _families = [.. Families];
    private readonly HashSet<string> _givens = [.. Givens];

    /// <summary>True where the family name is one of the group's.</summary>
    public bool HasFamily(string family) => _families.Contains(family);

    /// <summary>True where the given name is one of the group's.</summary>
    public bool HasGiven(string given) => _givens.Contains(given);
}
