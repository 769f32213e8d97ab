namespace Safeguarding.Matching.Rules.Frequencies;

/// <summary>Shares of the values of one trait.</summary>
/// <param name="Floor">The least share that a value is given, however rare: a rare name must not outvote a wrong birth
/// date.</param>
/// <param name="Values">Shares of the values that were counted or stated.</param>
public sealed record Shares(double Floor, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>
    /// The share of a value that is not among <see cref="Values"/>: that of the rarest that was counted.
    /// </summary>
    public double Tail { get; init; }

    /// <summary>The share, before the floor.</summary>
    public double Get(string value) => Values.TryGetValue(value, out var share) ? share : Tail;
}
