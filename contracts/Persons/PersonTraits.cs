namespace Safeguarding.Contracts.Persons;

/// <summary>
/// What is known of a person for matching. Travels sealed only (<see cref="Sealed{T}"/>), is never logged, and holds
/// nothing clinical.
/// </summary>
public sealed record PersonTraits
{
    /// <summary>The national identifier, or that it is unknown or withheld.</summary>
    public required PersonIdentifier Identifier { get; init; }

    /// <summary>Every name known, the usual one first.</summary>
    public IReadOnlyList<PersonName> Names { get; init; } = [];

    /// <summary>Date of birth. Null for the unborn and where it is not known.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Sex as recorded; null where not known or not stated.</summary>
    public Sex? Sex { get; init; }

    /// <summary>Postcodes of where the person lives or lived, current first.</summary>
    public IReadOnlyList<PersonPostcode> Postcodes { get; init; } = [];

    /// <summary>Telephone numbers as they were given.</summary>
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>
    /// What is known of the mother; used to find newborns. Her own <see cref="Mother"/> is always
    /// null.
    /// </summary>
    public PersonTraits? Mother { get; init; }

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(PersonTraits);
}

/// <summary>A name of a person.</summary>
/// <param name="Use">Whether it is the usual one, a former one, or another (alias, maiden name, nickname).</param>
/// <param name="Family">Family name, or null.</param>
/// <param name="Given">Given names in order; may be empty (newborns).</param>
public sealed record PersonName(NameUse Use, string? Family, IReadOnlyList<string> Given)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(PersonName);
}

/// <summary>What a name is used for.</summary>
public enum NameUse
{
    /// <summary>The name the person goes by now.</summary>
    Usual,

    /// <summary>A name the person had before.</summary>
    Former,

    /// <summary>Any other: an alias, a nickname, a maiden name.</summary>
    Other,
}

/// <summary>A postcode a person lives or lived at; no other part of an address is ever held.</summary>
/// <param name="Postcode">As given; not required to be of the United Kingdom.</param>
/// <param name="Former">True where the person no longer lives there.</param>
public sealed record PersonPostcode(string Postcode, bool Former = false)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(PersonPostcode);
}

/// <summary>Administrative sex, in FHIR's and the NHS Data Dictionary's common values. Unknown is null.</summary>
public enum Sex
{
    /// <summary>Male.</summary>
    Male,

    /// <summary>Female.</summary>
    Female,

    /// <summary>Indeterminate or other.</summary>
    Other,
}
