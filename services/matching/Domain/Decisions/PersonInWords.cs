using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>What the rules found of one person on the register, in sentences. No trait of anybody.</summary>
/// <param name="HowLikely">That it is the same child, and what an alert without a person needs.</param>
/// <param name="Why">Why a person is asked.</param>
/// <param name="Traits">In the order in which the rules looked at them; then those that only one record has.</param>
/// <param name="Relatives">Whether a brother or sister would look the same; null where it is not reckoned.</param>
internal sealed record PersonInWords(
    string HowLikely,
    IReadOnlyList<string> Why,
    IReadOnlyList<TraitInWords> Traits,
    string? Relatives
)
{
    /// <summary>The same one sentence after the other, without what was not compared.</summary>
    public IReadOnlyList<string> Lines =>
        [
            HowLikely,
            .. Why,
            .. Traits.Where(trait => trait.Relation is not null).Select(trait => $"{trait.Name}: {trait.Said}."),
            .. Relatives is null ? Array.Empty<string>() : [Relatives],
        ];
}

/// <summary>What one trait says.</summary>
/// <param name="Trait">Which, as in the evidence.</param>
/// <param name="Name">The same in words: <c>Birth date</c>.</param>
/// <param name="Relation">How the two records stand to one another; null where they could not be compared.</param>
/// <param name="Said">How, and how far that changes the odds.</param>
internal sealed record TraitInWords(string Trait, string Name, Relation? Relation, string Said);
