namespace Safeguarding.Matching.Rules;

/// <summary>
/// How common values are among all who attend, never among those on the register: a rare name on a register of 150,000
/// may be a common one outside.
/// </summary>
/// <param name="Version">Names this population in every decision.</param>
/// <param name="Shares">Shares of values by trait.</param>
/// <param name="Source">Where the shares come from.</param>
public sealed record Population(string Version, IReadOnlyDictionary<string, Shares> Shares, string Source)
{
    /// <summary>The document that comes with the rules.</summary>
    public static Population Default { get; } = Document.Embedded<Population>("population.json");

    /// <summary>
    /// By family name, the share of its bearers that have a given name, where that is well above the given name's share
    /// of everybody: families of one origin draw on the same given names, so that the two together are commoner than
    /// either alone suggests.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> GivenNamesOf { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, double>>();

    /// <summary>How many people were counted; 0 where the shares were not counted but stated.</summary>
    public long People { get; init; }

    /// <summary>The share of people with this value; null where nothing is known of how the trait is spread.</summary>
    public double? ShareOf(string trait, string value) =>
        Shares.TryGetValue(trait, out var shares)
            ? Math.Max(shares.Values.GetValueOrDefault(value), shares.Floor)
            : null;

    /// <summary>
    /// True where a value has been counted, or stated to be common; false where only the floor is known of
    /// it.
    /// </summary>
    public bool IsCounted(string trait, string value) =>
        Shares.TryGetValue(trait, out var shares) && shares.Values.ContainsKey(value);

    /// <summary>The share of people with this given name among those with one of these family names.</summary>
    public double? ShareOfGiven(string given, IReadOnlyList<string> families)
    {
        var share = ShareOf("givenName", given);
        for (var i = 0; i < families.Count; i++)
        {
            if (
                GivenNamesOf.TryGetValue(families[i], out var among)
                && among.TryGetValue(given, out var own)
                && own > share
            )
            {
                share = own;
            }
        }

        return share;
    }

    /// <summary>Reads a document.</summary>
    public static Population Read(Stream json) => Document.Read<Population>(json);

    /// <summary>Writes the document.</summary>
    public void Write(Stream json) => Document.Write(this, json);
}

/// <summary>Shares of the values of one trait.</summary>
/// <param name="Floor">The least share that a value is given, however rare: a rare name must not outvote a wrong birth
/// date.</param>
/// <param name="Values">Shares of the common values.</param>
public sealed record Shares(double Floor, IReadOnlyDictionary<string, double> Values);
