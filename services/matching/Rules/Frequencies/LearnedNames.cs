namespace Safeguarding.Matching.Rules.Frequencies;

/// <summary>
/// How many people among earlier attenders bear each name, each person counted once. Never of the register: being
/// on one makes no name rarer or commoner.
/// </summary>
/// <param name="Version">Names this count in every decision.</param>
/// <param name="People">People counted.</param>
/// <param name="Bearers">Bearers by name, at least of the names that a patient has; what is not there was borne by
/// too few.</param>
public sealed record LearnedNames(string Version, long People, IReadOnlyDictionary<BorneName, int> Bearers)
{
    /// <summary>Below this many bearers a share is a guess, and may point at one family.</summary>
    public const int FewestBearers = 5;

    // The shares that are known beforehand count as this many people, so that the first day does not overturn them.
    private const double KnownBefore = 2_000;

    // A given name's share among the bearers of a family name is drawn towards its share among everybody by this many
    // people.
    private const double Drawn = 20;

    /// <summary>The share of everybody; 0 where too few bear the name.</summary>
    internal double ShareOf(string trait, string value, double before) =>
        BearersOf(trait == "familyName" ? new BorneName(value, null) : new(null, value)) is var bearers
        && bearers < FewestBearers
            ? 0
            : Share(bearers, People, before);

    /// <summary>The share of those with a family name that have a given name; 0 where too few bear both.</summary>
    internal double ShareAmong(string family, string given, double everywhere, double familyShare)
    {
        var bearers = BearersOf(new(family, given));
        return bearers < FewestBearers ? 0 : ShareAmong(bearers, BearersOf(new(family, null)), everywhere, familyShare);
    }

    /// <summary>A share of everybody, of what was counted and what was known before.</summary>
    public static double Share(int bearers, long people, double before) =>
        (bearers + (KnownBefore * before)) / (people + KnownBefore);

    /// <summary>A given name's share of a family name's bearers.</summary>
    /// <param name="bearers">Bearers of both.</param>
    /// <param name="families">Bearers of the family name.</param>
    /// <param name="everywhere">The given name's share of everybody.</param>
    /// <param name="familyShare">The family name's.</param>
    public static double ShareAmong(int bearers, int families, double everywhere, double familyShare)
    {
        // One bearer is taken off, who may be the very child that is looked for.
        var share = (bearers - 1 + (Drawn * everywhere)) / (families + Drawn);
        // Together they cannot be commoner than the given name alone, and agreeing on both must say more than agreeing
        // on one.
        return Math.Min(share, everywhere / (2 * familyShare));
    }

    private int BearersOf(BorneName name) => Bearers.GetValueOrDefault(name);
}

/// <summary>A word of a family name, a given name, or the two together.</summary>
/// <param name="Family">The word of the family name, or null.</param>
/// <param name="Given">The given name, or null.</param>
public readonly record struct BorneName(string? Family, string? Given)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(BorneName);
}
