using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// The traits of a Patient, of a RelatedPerson, or of a Patient's contact: what matching uses and nothing
/// else.
/// </summary>
internal static class ReadPerson
{
    public static PersonTraits Read(
        FhirElement person,
        PersonIdentifier? identifier,
        DateTimeOffset now,
        Issues issues
    ) =>
        new()
        {
            Identifier = identifier ?? new PersonIdentifier.Unknown(),
            Names = Names(person, now, issues),
            BirthDate = BirthDate(person, now, issues),
            Sex = SexOf(person, issues),
            Postcodes = Postcodes(person, now, issues),
            Phones = [.. First(person.All("telecom").Where(IsPhone), issues).Select(telecom => telecom.Text("value")!)],
        };

    private static List<PersonName> Names(FhirElement person, DateTimeOffset now, Issues issues)
    {
        var names = new List<PersonName>();
        foreach (var name in First(person.All("name"), issues))
        {
            var family = name.Text("family");
            IReadOnlyList<string> given =
            [
                .. name.All("given").Select(part => part.Value).OfType<string>().Take(Limits.KeptRepeats),
            ];
            if (family is null && given.Count == 0)
                (family, given) = FromText(name.Text("text"));
            if (family is not null || given.Count > 0)
                names.Add(new PersonName(Use(name, now), family, given));
        }

        // The usual one first, otherwise as sent.
        return [.. names.OrderBy(name => name.Use)];
    }

    private static NameUse Use(FhirElement name, DateTimeOffset now) =>
        name.Text("use") switch
        {
            "old" => NameUse.Former,
            "nickname" or "maiden" or "anonymous" or "temp" => NameUse.Other,
            _ => FhirTime.HasEnded(name, now) ? NameUse.Former : NameUse.Usual,
        };

    private static (string? Family, IReadOnlyList<string> Given) FromText(string? text)
    {
        if (
            text?.Split(',', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            is [var before, var after]
        )
        {
            return (before, after.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [.. var given, var last]
            ? (last, given)
            : (null, []);
    }

    private static DateOnly? BirthDate(FhirElement person, DateTimeOffset now, Issues issues)
    {
        if (person.Child("birthDate") is not { Value: { } text } element)
            return null;
        var wrong = FhirTime.TryDate(text, out var date)
            ?? (
                date > UkTime.Day(now) ? IssueKind.BirthDateInFuture
                : date.Year < 1900 ? IssueKind.BirthDateTooEarly
                : null
            );
        if (wrong is null)
            return date;
        if (wrong == IssueKind.DateTimePartial)
            issues.Warn(wrong, element);
        else
            issues.Refuse(wrong, element);
        return null;
    }

    private static Sex? SexOf(FhirElement person, Issues issues)
    {
        switch (person.Text("gender"))
        {
            case null or "unknown":
                return null;
            case "male":
                return Sex.Male;
            case "female":
                return Sex.Female;
            case "other":
                return Sex.Other;
            default:
                issues.Refuse(IssueKind.CodeUnknown, person.Child("gender"));
                return null;
        }
    }

    private static List<PersonPostcode> Postcodes(FhirElement person, DateTimeOffset now, Issues issues)
    {
        var postcodes = new List<PersonPostcode>();
        foreach (var address in First(person.All("address"), issues))
        {
            if (address.Text("postalCode") is { } postcode)
            {
                postcodes.Add(
                    new PersonPostcode(
                        postcode,
                        Former: address.Text("use") == "old" || FhirTime.HasEnded(address, now)
                    )
                );
            }
        }

        return [.. postcodes.OrderBy(postcode => postcode.Former)];
    }

    private static bool IsPhone(FhirElement telecom) =>
        telecom.Text("system") is "phone" or "sms" && telecom.Text("value") is { Length: <= 40 };

    private static IEnumerable<FhirElement> First(IEnumerable<FhirElement> repeats, Issues issues)
    {
        var taken = 0;
        foreach (var element in repeats)
        {
            if (taken++ == Limits.KeptRepeats)
            {
                issues.Warn(IssueKind.RepeatsPassedOver, element);
                yield break;
            }

            yield return element;
        }
    }
}
