using Safeguarding.Contracts.Persons;

namespace Safeguarding.PlanRegistry.Domain.Plans;

internal static class ValidateNames
{
    private const int Longest = 100;
    private const int MostNames = 20;
    private const int MostGiven = 10;

    public static IReadOnlyList<PersonName> From(
        IReadOnlyList<NameDocument?>? names,
        PersonFields fields,
        ValidationErrors errors
    )
    {
        if (names is null or [])
            return [];
        if (names.Count > MostNames)
        {
            errors.Add(fields.OtherNames, "too-many", $"At most {MostNames} names can be kept of one person.");
            return [];
        }

        var read = new List<PersonName>(names.Count);
        foreach (var name in names)
        {
            if (name is not null && One(name, fields, errors) is { } one && !read.Any(known => Same(known, one)))
                read.Add(one);
        }

        if (read.Count(name => name.Use == NameUse.Usual) > 1)
        {
            errors.Add(
                fields.FamilyName,
                "usual-name-twice",
                "A person has one usual name. Mark the others former or other."
            );
        }

        return [.. read.OrderBy(name => name.Use)];
    }

    private static PersonName? One(NameDocument name, PersonFields fields, ValidationErrors errors)
    {
        NameUse? use = name.Use?.Trim().ToLowerInvariant() switch
        {
            null or "" or "usual" => NameUse.Usual,
            "former" => NameUse.Former,
            "other" => NameUse.Other,
            _ => null,
        };
        if (use is null)
        {
            errors.Add(fields.FamilyName, "name-use-unknown", "The use of a name is usual, former or other.");
            return null;
        }

        var (familyField, givenField) = use switch
        {
            NameUse.Former => (fields.FormerNames, fields.FormerNames),
            NameUse.Other => (fields.OtherNames, fields.OtherNames),
            _ => (fields.FamilyName, fields.GivenNames),
        };
        var family = PlainText.Read(name.Family, familyField, Longest, errors);
        var given = new List<string>();
        foreach (var part in name.Given ?? [])
        {
            if (PlainText.Read(part, givenField, Longest, errors) is { } text)
                given.Add(text);
        }

        if (given.Count > MostGiven)
            errors.Add(givenField, "too-many", $"At most {MostGiven} given names can be kept.");
        return family is null && given.Count == 0 ? null : new PersonName(use.Value, family, given);
    }

    internal static bool Same(PersonName one, PersonName other) =>
        one.Use == other.Use && one.Family == other.Family && one.Given.SequenceEqual(other.Given);
}
