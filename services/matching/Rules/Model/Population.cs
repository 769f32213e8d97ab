using System.Text.Json.Serialization;
using Safeguarding.Matching.Rules.Frequencies;

namespace Safeguarding.Matching.Rules.Model;

/// <summary>
/// How common values are among all who attend, never among those on the register: a rare name on a register of 150,000
/// may be a common one outside.
/// </summary>
/// <param name="Version">Names this population in every decision.</param>
/// <param name="Shares">Shares of values by trait.</param>
/// <param name="Source">Where the shares come from.</param>
public sealed record Population(string Version, IReadOnlyDictionary<string, Shares> Shares, string Source)
{
    private const double ClearlyAbove = 1.1;

    /// <summary>What comes with the rules: the document, and the counted names beside it.</summary>
    public static Population Default { get; } = Shipped();

    /// <summary>
    /// By family name, the share of its bearers that have a given name, where that is well above the given name's share
    /// of everybody: families of one origin draw on the same given names, so that the two together are commoner than
    /// either alone suggests.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> GivenNamesOf { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, double>>();

    /// <summary>The same where single families were not counted: groups that draw on the same names.</summary>
    public IReadOnlyList<NameGroup> Groups { get; init; } = [];

    /// <summary>How many people were counted; 0 where the shares were not counted but stated.</summary>
    public long People { get; init; }

    /// <summary>What earlier attenders showed, by which shares are raised; null where nothing was learned.</summary>
    [JsonIgnore]
    public LearnedNames? Learned { get; private init; }

    /// <summary>
    /// The same, with the shares raised to what earlier attenders show. A name is never the rarer for it: few bearers
    /// among those who came so far say little.
    /// </summary>
    public Population RaisedBy(LearnedNames learned) =>
        this with
        {
            Version = $"{Version}+{learned.Version}",
            Learned = learned,
        };

    /// <summary>The share of people with this value; null where nothing is known of how the trait is spread.</summary>
    public double? ShareOf(string trait, string value)
    {
        if (!Shares.TryGetValue(trait, out var shares))
            return null;
        var share = Math.Max(shares.Get(value), shares.Floor);
        return Learned is null ? share : Math.Max(share, Learned.ShareOf(trait, value, share));
    }

    /// <summary>
    /// True where a value has been counted, or stated, and is clearly commoner than the floor: it is a name that many
    /// bear.
    /// </summary>
    public bool IsCounted(string trait, string value) =>
        Shares.TryGetValue(trait, out var shares)
        && shares.Values.TryGetValue(value, out var share)
        && share > ClearlyAbove * shares.Floor;

    /// <summary>The share of people with this given name among those with one of these family names.</summary>
    public double? ShareOfGiven(string given, IReadOnlyList<string> families)
    {
        if (ShareOf("givenName", given) is not { } everywhere)
            return null;
        var share = everywhere;
        for (var i = 0; i < families.Count; i++)
        {
            if (GivenNamesOf.TryGetValue(families[i], out var among) && among.TryGetValue(given, out var own))
                share = Math.Max(share, own);
            share = Math.Max(share, ShareInGroups(given, families[i]));
            if (Learned is not null)
                share = Math.Max(share, Learned.ShareAmong(families[i], given, everywhere, FamilyShare(families[i])));
        }

        return share;
    }

    private double ShareInGroups(string given, string family)
    {
        double share = 0;
        var givens = Shares["givenName"];
        var grouped = false;
        for (var i = 0; i < Groups.Count; i++)
            grouped |= Groups[i].HasFamily(family);
        // A family name that was counted and is of no group is of the majority, whose share is nearly everybody's.
        if (!grouped && Shares.TryGetValue("familyName", out var families) && families.Values.ContainsKey(family))
            return 0;
        for (var i = 0; i < Groups.Count; i++)
        {
            var group = Groups[i];
            // A given name that nobody counted may be any group's. A family name that nobody knows may be, too.
            if (
                (group.HasFamily(family) || (!grouped && group.HasGiven(given)))
                && (group.HasGiven(given) || !givens.Values.ContainsKey(given))
            )
            {
                share = Math.Max(share, Math.Min(givens.Get(given) / group.Share, NameGroup.MostOfOneName));
            }
        }

        return share;
    }

    private double FamilyShare(string family) => ShareOf("familyName", family) ?? 1;

    private static Population Shipped()
    {
        var stated = Document.Embedded<Population>("population.json");
        return stated with
        {
            Shares = new Dictionary<string, Shares>
            {
                ["familyName"] = CountedNames.Beside(stated.Shares["familyName"], "family-names.txt"),
                ["givenName"] = CountedNames.Beside(stated.Shares["givenName"], "given-names.txt"),
            },
        };
    }

    /// <summary>Reads a document.</summary>
    public static Population Read(Stream json) => Document.Read<Population>(json);

    /// <summary>Writes the document.</summary>
    public void Write(Stream json) => Document.Write(this, json);
}
