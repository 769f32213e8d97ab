using Safeguarding.Contracts.Persons;

namespace Safeguarding.Matching.Rules.Names;

/// <summary>One name of a person, made ready for comparison.</summary>
/// <param name="Use">Usual, former or other.</param>
/// <param name="Family">The family name's words.</param>
/// <param name="Given">The given names' words.</param>
public sealed record KnownName(NameUse Use, NameWords Family, NameWords Given)
{
    /// <summary>True where nothing is left to compare.</summary>
    public bool IsEmpty => Family.IsEmpty && Given.IsEmpty;

    /// <summary>Reads a name.</summary>
    public static KnownName From(PersonName name) => new(name.Use, NameWords.FromFamily(name.Family), NameWords.FromGiven(name.Given));

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(KnownName);
}
