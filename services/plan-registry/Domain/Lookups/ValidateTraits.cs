using System.Text.Json.Serialization;
using Safeguarding.Contracts.Persons;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Domain.Lookups;

/// <summary>
/// Whom a look-up without an NHS number is about. The first three are needed, the others are evidence.
/// </summary>
/// <param name="FamilyName">As on the patient's record.</param>
/// <param name="GivenNames">In order, the one in use first.</param>
/// <param name="BirthDate">Date of birth.</param>
/// <param name="Sex"><c>male</c>, <c>female</c> or <c>other</c>; absent where it is not known.</param>
/// <param name="Postcode">Where the child lives.</param>
/// <param name="Phone">A telephone of the child's home.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TraitsDocument(
    string? FamilyName,
    IReadOnlyList<string?>? GivenNames,
    string? BirthDate,
    string? Sex,
    string? Postcode,
    string? Phone
)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(TraitsDocument);
}

/// <summary>Decides whether traits are enough to look a child up by. Pure.</summary>
internal static class ValidateTraits
{
    // The person of an unborn plan is the mother.
    private const int OldestMother = 65;

    /// <returns>Null where <paramref name="errors"/> says why not.</returns>
    public static PersonTraits? From(TraitsDocument said, DateOnly today, ValidationErrors errors)
    {
        var fields = PersonFields.Traits;
        var person = new PersonDocument
        {
            Names = [new NameDocument(null, said.FamilyName, said.GivenNames)],
            BirthDate = said.BirthDate,
            Sex = said.Sex,
            Postcodes = [new PostcodeDocument(said.Postcode, false)],
            Phones = [said.Phone],
        };
        var traits = ValidatePerson.Traits(person, new PersonIdentifier.Unknown(), fields, errors);
        if (errors.Any)
            return null;

        var name = traits.Names is [var only] ? only : new PersonName(NameUse.Usual, null, []);
        Name(name.Family, fields.FamilyName, "family-name-missing", "Give the family name.", errors);
        Name(
            string.Join(' ', name.Given),
            fields.GivenNames,
            "given-names-missing",
            "Give the given names, or the one that is known.",
            errors
        );
        if (!errors.Any && NamePlaceholders.IsPlaceholder(name) && !NamePlaceholders.IsSameWordTwice(name))
            Placeholder(fields.FamilyName, errors);
        switch (traits.BirthDate)
        {
            case null:
                errors.Add(fields.BirthDate, "birth-date-missing", "Give the date of birth, as 2016-04-04.");
                break;
            case { } born when born > today:
                errors.Add(fields.BirthDate, "birth-date-in-future", "The date of birth is in the future.");
                break;
            case { } born when born.AddYears(OldestMother) <= today:
                errors.Add(
                    fields.BirthDate,
                    "birth-date-implausible",
                    "This is the date of birth neither of a child nor of the mother of an unborn child."
                );
                break;
        }

        return errors.Any ? null : traits;
    }

    private static void Name(string? text, PlanField field, string missing, string words, ValidationErrors errors)
    {
        if (string.IsNullOrEmpty(text))
            errors.Add(field, missing, words);
        else if (NamePlaceholders.IsPlaceholder(text))
            Placeholder(field, errors);
    }

    private static void Placeholder(PlanField field, ValidationErrors errors) =>
        errors.Add(
            field,
            "name-placeholder",
            "This reads as no name: nobody is found by words such as UNKNOWN or TBC."
        );
}
