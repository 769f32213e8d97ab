using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Names;

namespace Safeguarding.Matching.Rules.Model;

/// <summary>One name of a person, made ready for comparison.</summary>
/// <param name="Use">Usual, former or other.</param>
/// <param name="Family">The family name's words.</param>
/// <param name="Given">The given names' words.</param>
public sealed record ComparedName(NameUse Use, NameWords Family, NameWords Given)
{
    /// <summary>
    /// Which of twins a temporary name says that the newborn is: 1 is the first; null where it does not
    /// say.
    /// </summary>
    public int? BirthOrder { get; init; }

    /// <summary>
    /// The mother's given name that a temporary name tells ("Twin 1 of Sarah"); none where it does
    /// not.
    /// </summary>
    public NameWords MotherGiven { get; init; } = NameWords.None;

    /// <summary>True where nothing is left to compare.</summary>
    public bool IsEmpty => Family.IsEmpty && Given.IsEmpty && BirthOrder is null && MotherGiven.IsEmpty;

    /// <summary>Reads a name; what stands where a name is not known is none.</summary>
    public static ComparedName From(PersonName name)
    {
        if (NamePlaceholders.IsPlaceholder(name) && !IsOneName(name))
            return new(name.Use, NameWords.None, NameWords.None);
        var family = NamePlaceholders.IsPlaceholder(name.Family) ? NameWords.None : NameWords.FromFamily(name.Family);
        if (NamePlaceholders.IsPlaceholder(string.Join(' ', name.Given)))
            return new(name.Use, family, NameWords.None);
        var read = NameWords.FromGiven(name.Given, out var temporary);
        return new(name.Use, family, read)
        {
            BirthOrder = temporary.BirthOrder,
            MotherGiven = temporary.MotherGiven is { } mother ? NameWords.FromGiven(mother) : NameWords.None,
        };
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(ComparedName);

    // Some services write a person of one name into both boxes; a name that many bear is one, and what nobody was ever
    // counted under is not.
    private static bool IsOneName(PersonName name) =>
        NamePlaceholders.IsSameWordTwice(name)
        && NameWords.FromFamily(name.Family) is { IsEmpty: false } word
        && Population.Default.IsCounted("familyName", word.Joined);
}
