namespace Safeguarding.Matching.Rules;

/// <summary>
/// How common values are among all who attend, never among those on the register: a rare name on a register of 150,000 may be a
/// common one outside.
/// </summary>
/// <param name="Version">Names this population in every decision.</param>
/// <param name="FamilyFloor">The least share that a family name is given, however rare.</param>
/// <param name="GivenFloor">The least share that a given name is given.</param>
/// <param name="Families">Shares of the common family names.</param>
/// <param name="Givens">Shares of the common given names.</param>
/// <param name="Source">Where the shares come from.</param>
public sealed record Population(
    string Version, double FamilyFloor, double GivenFloor,
    IReadOnlyDictionary<string, double> Families, IReadOnlyDictionary<string, double> Givens, string Source)
{
    /// <summary>The share of people with this family name.</summary>
    public double Family(string word) => Math.Max(Families.GetValueOrDefault(word), FamilyFloor);

    /// <summary>The share of people with this given name.</summary>
    public double Given(string word) => Math.Max(Givens.GetValueOrDefault(word), GivenFloor);
}
