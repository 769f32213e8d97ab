using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>Decides whether what a council says of a person can be kept and is enough to find that person by.</summary>
internal static class ValidatePerson
{
    /// <returns>What can be used of the person, even where there are errors.</returns>
    public static PersonTraits Subject(PersonDocument person, PlanKind? kind, DateOnly? start, ValidationErrors errors)
    {
        var fields = PersonFields.Subject;
        var identifier = Identifier(person.Identifier, fields, errors);
        var traits = Traits(person, identifier, fields, errors);
        if (traits.BirthDate is { } born && start is { } from && !IsPlausibleAge(kind, born, from, fields, errors))
            traits = traits with { BirthDate = null };

        if (!HasNumber(traits) && !HasNameAndBirthDate(traits) && !errors.Any)
        {
            errors.Add(
                fields.Person,
                "too-little-to-match",
                "Without an NHS number (ten equal digits and 999… belong to nobody) the person can only be found by "
                    + "family name and date of birth: give both. Words such as UNKNOWN or TBC are no name."
            );
        }

        return traits;
    }

    /// <summary>A number that can be somebody's: whoever it is about is found by it alone.</summary>
    public static bool HasNumber(PersonTraits person) =>
        person.Identifier is PersonIdentifier.Known { Number.IsNobodys: false };

    /// <summary>Enough to be found by without a number.</summary>
    public static bool HasNameAndBirthDate(PersonTraits person) =>
        person.BirthDate is not null && person.Names.Any(name => IsName(name.Family));

    // #REF! and its like are what a spreadsheet writes where a formula failed.
    private static bool IsName(string? family) => family is not ['#', ..] && !NamePlaceholders.IsPlaceholder(family);

    /// <returns>Null where nothing at all is said of her.</returns>
    public static PersonTraits? Mother(PersonDocument person, ValidationErrors errors)
    {
        var fields = PersonFields.Mother;
        var identifier = person.Identifier is null
            ? new PersonIdentifier.Unknown()
            : Identifier(person.Identifier, fields, errors);
        return Traits(person, identifier, fields, errors);
    }

    /// <returns>What can be used of what is said.</returns>
    internal static PersonTraits Traits(
        PersonDocument person,
        PersonIdentifier? identifier,
        PersonFields fields,
        ValidationErrors errors
    ) =>
        new()
        {
            Identifier = identifier ?? new PersonIdentifier.Unknown(),
            Names = ValidateNames.From(person.Names, fields, errors),
            BirthDate = PlanDate.Read(person.BirthDate, fields.BirthDate, errors),
            Sex = SexOf(person.Sex, fields.Sex, errors),
            Postcodes = ValidateContacts.Postcodes(person.Postcodes, fields, errors),
            Phones = ValidateContacts.Phones(person.Phones, fields, errors),
        };

    private static PersonIdentifier? Identifier(
        IdentifierDocument? identifier,
        PersonFields fields,
        ValidationErrors errors
    )
    {
        var number = TypedText.Compact(identifier?.NhsNumber);
        var hasNumber = !string.IsNullOrEmpty(number);
        switch (identifier?.State?.Trim().ToLowerInvariant())
        {
            case "known" when hasNumber:
            case null or "" when hasNumber:
                return Number(number!, fields, errors);
            case "unknown" when !hasNumber:
                return new PersonIdentifier.Unknown();
            case "withheld" when !hasNumber:
                return new PersonIdentifier.Withheld();
            case "unknown" or "withheld":
                errors.Add(
                    fields.NhsNumber,
                    "identifier-contradicts",
                    "The state says that there is no NHS number to share, yet one is given. Remove one of the two."
                );
                return null;
            case "known" or null or "":
                errors.Add(
                    fields.NhsNumber,
                    "identifier-missing",
                    "Give the NHS number, or say that it is unknown or withheld: an empty field could mean either."
                );
                return null;
            default:
                errors.Add(
                    fields.IdentifierState,
                    "identifier-state-unknown",
                    "The state of the identifier is known, unknown or withheld."
                );
                return null;
        }
    }

    private static PersonIdentifier.Known? Number(string written, PersonFields fields, ValidationErrors errors)
    {
        var text =
            written.EndsWith(".0", StringComparison.Ordinal) || written.EndsWith(".00", StringComparison.Ordinal)
                ? written[..written.IndexOf('.', StringComparison.Ordinal)]
                : written;
        text = text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (NhsNumber.TryParse(text, out var number))
            return new PersonIdentifier.Known(number);
        if (text.Length == 10 && text.All(char.IsAsciiDigit))
        {
            errors.Add(
                fields.NhsNumber,
                "nhs-number-check-digit",
                "No person can have this NHS number: its check digit is wrong. Look for a mistyped or swapped digit."
            );
        }
        else
        {
            errors.Add(
                fields.NhsNumber,
                "nhs-number-format",
                "An NHS number has ten digits, as 9434765919 or 943 476 5919. Old-style numbers, and numbers that a "
                    + "spreadsheet has rounded, cannot be used."
            );
        }

        return null;
    }

    private static Sex? SexOf(string? raw, PlanField field, ValidationErrors errors)
    {
        switch (raw?.Trim().ToLowerInvariant())
        {
            case null or "" or "unknown" or "not-known" or "0" or "x":
                return null;
            case "male" or "m" or "1":
                return Sex.Male;
            case "female" or "f" or "2":
                return Sex.Female;
            case "other" or "indeterminate" or "9":
                return Sex.Other;
            default:
                errors.Add(
                    field,
                    "sex-unknown",
                    "Sex is male, female, other or unknown, or the NHS code 1, 2, 9 or X."
                );
                return null;
        }
    }

    private static bool IsPlausibleAge(
        PlanKind? kind,
        DateOnly born,
        DateOnly start,
        PersonFields fields,
        ValidationErrors errors
    )
    {
        // A child's plan may have begun before the birth, as an unborn plan. 1900-01-01 and its like mean "not known"
        // and fall out here.
        var (youngest, oldest, words) =
            kind == PlanKind.Unborn
                ? (
                    born.AddYears(9),
                    born.AddYears(65),
                    "The person of an unborn plan is the mother, and this is not a mother's date of birth at the "
                        + "plan's start."
                )
                : (
                    born.AddDays(-301),
                    born.AddYears(18),
                    "The plan starts when this person is 18 or older, or long before the birth. Check both dates; "
                        + "leave the date of birth empty if it is not known."
                );
        if (start >= youngest && start < oldest)
            return true;
        errors.Add(fields.BirthDate, "birth-date-implausible", words);
        return false;
    }
}
