namespace Safeguarding.Matching.Rules.Traits;

/// <summary>A column of a file that encounters and plans do not have, made ready for comparison.</summary>
/// <param name="Trait">Which, as named in the parameters.</param>
/// <param name="Text">The whole value, letters and digits only, upper case.</param>
/// <param name="Words">Its words.</param>
public sealed record FurtherTrait(string Trait, string Text, IReadOnlyList<string> Words)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(FurtherTrait);
}
