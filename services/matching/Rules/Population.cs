namespace Safeguarding.Matching.Rules;

/// <summary>
/// How common values are among all who attend, never among those on the register: a rare name on a register of 150,000 may be a
/// common one outside.
/// </summary>
/// <param name="Version">Names this population in every decision.</param>
/// <param name="Shares">Shares of values by trait.</param>
/// <param name="Source">Where the shares come from.</param>
public sealed record Population(string Version, IReadOnlyDictionary<string, Shares> Shares, string Source)
{
    /// <summary>The share of people with this value; null where nothing is known of how the trait is spread.</summary>
    public double? ShareOf(string trait, string value) =>
        Shares.TryGetValue(trait, out var shares) ? Math.Max(shares.Values.GetValueOrDefault(value), shares.Floor) : null;
}

/// <summary>Shares of the values of one trait.</summary>
/// <param name="Floor">The least share that a value is given, however rare: a rare name must not outvote a wrong birth date.</param>
/// <param name="Values">Shares of the common values.</param>
public sealed record Shares(double Floor, IReadOnlyDictionary<string, double> Values);
