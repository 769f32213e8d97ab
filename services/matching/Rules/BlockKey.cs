namespace Safeguarding.Matching.Rules;

/// <summary>
/// A text that two records of one person are likely to share. Plaintext and personal: it is stored and searched as an
/// HMAC only.
/// </summary>
/// <param name="Kind">Which key.</param>
/// <param name="Text">Its text; never empty.</param>
public readonly record struct BlockKey(BlockKind Kind, string Text)
{
    /// <summary>
    /// False where hundreds of a large register have the same one, none of them the patient unless they share another
    /// key too: a family name with a part of the birth date.
    /// </summary>
    public bool FindsAlone =>
        Kind
            is not (
                BlockKind.FamilyGivenYear
                or BlockKind.FamilyYearDay
                or BlockKind.FamilyYearMonth
                or BlockKind.FamilyMonthDay
            );

    /// <summary>Never the content.</summary>
    public override string ToString() => $"Block key {Kind}";
}

/// <summary>The kinds of block keys. Stored as numbers: never renumber.</summary>
public enum BlockKind : short
{
    /// <summary>The national number, present or superseded.</summary>
    Number = 1,

    /// <summary>The mother's national number.</summary>
    MotherNumber = 2,

    /// <summary>Sound of the family name and the birth date.</summary>
    FamilyBirthDate = 3,

    /// <summary>Nickname group or skeleton of the given name and the birth date.</summary>
    GivenBirthDate = 4,

    /// <summary>Postcode.</summary>
    Postcode = 5,

    /// <summary>Telephone number.</summary>
    Phone = 6,

    /// <summary>Sound of the family name, outcode and birth year.</summary>
    FamilyOutcodeYear = 7,

    /// <summary>Sounds of family and given name and the birth year.</summary>
    FamilyGivenYear = 8,

    /// <summary>Sound of the given name, outcode, birth year and month.</summary>
    GivenOutcodeMonth = 9,

    /// <summary>Family name, year and day of birth.</summary>
    FamilyYearDay = 10,

    /// <summary>Family name, year and month of birth.</summary>
    FamilyYearMonth = 11,

    /// <summary>Family name, month and day of birth.</summary>
    FamilyMonthDay = 12,

    /// <summary>Birth date and outcode.</summary>
    BirthDateOutcode = 13,

    /// <summary>Sounds of family and given name and the outcode: reaches a person without a birth date.</summary>
    FamilyGivenOutcode = 14,

    /// <summary>
    /// Sounds of family and given name, month and day of birth: reaches a person whose year is wrong and who
    /// has moved.
    /// </summary>
    FamilyGivenMonthDay = 15,

    /// <summary>
    /// Sounds of family and given name and the year of birth, where either date is the 1 January of who knows the year
    /// only: such a date shares its year with the right one and nothing else.
    /// </summary>
    FamilyGivenYearOnly = 16,

    /// <summary>A further column of a file, or a part of one.</summary>
    Further = 20,
}
