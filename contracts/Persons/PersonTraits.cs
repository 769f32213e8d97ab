namespace Safeguarding.Contracts.Persons;

/// <summary>
/// What is known of a person for matching. Travels sealed only (<see cref="Sealed{T}"/>), is never logged, and holds
/// nothing clinical.
/// </summary>
/// <remarks>Source of a patient's: FHIR R4 Patient, as UK Core has it. Of a plan's: what the council sends.</remarks>
public sealed record PersonTraits
{
    /// <summary>The national identifier, or that it is unknown or withheld.</summary>
    public required PersonIdentifier Identifier { get; init; }

    /// <summary>
    /// How far <see cref="Identifier"/> was traced, as the sender states it; null where it states nothing, and in
    /// messages from before this was read. Of a patient only.
    /// </summary>
    /// <remarks>Source: NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE.</remarks>
    public NhsNumberStatus? NumberStatus { get; init; }

    /// <summary>Every name known, the usual one first.</summary>
    /// <remarks>Source: FHIR R4 <c>Patient.name</c>.</remarks>
    public IReadOnlyList<PersonName> Names { get; init; } = [];

    /// <summary>Date of birth. Null for the unborn and where it is not known.</summary>
    /// <remarks>Source: FHIR R4 <c>Patient.birthDate</c>; NHS Data Dictionary, PERSON BIRTH DATE.</remarks>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Sex as recorded; null where not known or not stated.</summary>
    /// <remarks>Source: FHIR R4 <c>Patient.gender</c>.</remarks>
    public Sex? Sex { get; init; }

    /// <summary>Postcodes of where the person lives or lived, current first.</summary>
    /// <remarks>Source: FHIR R4 <c>Patient.address.postalCode</c>; NHS Data Dictionary, POSTCODE.</remarks>
    public IReadOnlyList<PersonPostcode> Postcodes { get; init; } = [];

    /// <summary>Telephone numbers as they were given.</summary>
    /// <remarks>Source: FHIR R4 <c>Patient.telecom</c>.</remarks>
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>
    /// What is known of the mother; used to find newborns. Her own <see cref="Mother"/> is always
    /// null.
    /// </summary>
    /// <remarks>
    /// Source: FHIR R4 <c>Patient.contact</c> or RelatedPerson, of HL7 v3 RoleCode <c>MTH</c>, <c>NMTH</c> or
    /// <c>GESTM</c>.
    /// </remarks>
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
/// <remarks>Source: FHIR R4 value set name-use (<c>HumanName.use</c>).</remarks>
public enum NameUse
{
    /// <summary>The name the person goes by now: <c>usual</c>, <c>official</c>, or none given.</summary>
    Usual,

    /// <summary>A name the person had before: <c>old</c>, or its period has ended.</summary>
    Former,

    /// <summary>
    /// Any other, such as an alias: <c>nickname</c>, <c>maiden</c>, <c>anonymous</c> or <c>temp</c>.
    /// </summary>
    Other,
}

/// <summary>A postcode a person lives or lived at; no other part of an address is ever held.</summary>
/// <param name="Postcode">As given; not required to be of the United Kingdom.</param>
/// <param name="Former">True where the person no longer lives there: FHIR R4 <c>Address.use</c> is <c>old</c>, or its
/// period has ended.</param>
public sealed record PersonPostcode(string Postcode, bool Former = false)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(PersonPostcode);
}

/// <summary>Administrative sex, in FHIR's and the NHS Data Dictionary's common values. Unknown is null.</summary>
/// <remarks>
/// Source: FHIR R4 value set administrative-gender (<c>Patient.gender</c>), and the NHS Data Dictionary's
/// PERSON STATED GENDER CODE beside it.
/// </remarks>
public enum Sex
{
    /// <summary><c>male</c>; NHS Data Dictionary 1.</summary>
    Male,

    /// <summary><c>female</c>; NHS Data Dictionary 2.</summary>
    Female,

    /// <summary>Indeterminate or other: <c>other</c>; NHS Data Dictionary 9.</summary>
    Other,
}
