using System.Text.Json;
using System.Text.RegularExpressions;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Contacts;

/// <summary>Decides whether a contact can be taken, and what is kept of it. Pure.</summary>
internal static partial class ValidateContact
{
    private const int MostNames = 10;
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(15);

    /// <returns>Null where <paramref name="errors"/> says why not.</returns>
    public static Submission? From(ContactDocument contact, DateTimeOffset now, List<FieldError> errors)
    {
        var (happened, unit, person) = (contact.Event, contact.Unit, contact.Person);
        if (happened is null)
            errors.Add(new("event", "is needed: what happened, and when."));
        if (unit is null)
            errors.Add(new("unit", "is needed: whom a council rings about this child."));
        if (person is null)
            errors.Add(new("person", "is needed: which child it is about."));
        if (happened is null || unit is null || person is null)
            return null;

        Check(happened, now, errors);
        Check(unit, errors);
        var traits = Traits(person, now, errors);
        return errors.Count > 0 ? null : Of(happened, unit, traits);
    }

    private static Submission Of(ContactEvent happened, ContactUnitDocument unit, PersonTraits traits)
    {
        var (kind, number) = (happened.Kind!.Value, happened.IncidentNumber!.Trim());
        var identifier = Identifier(kind, number);
        var (status, code) = happened.State switch
        {
            ContactState.Ended => (EncounterStatus.Finished, "finished"),
            ContactState.Withdrawn => (EncounterStatus.EnteredInError, "entered-in-error"),
            _ => (EncounterStatus.InProgress, "in-progress"),
        };
        return new Submission(
            new EncounterParticulars
            {
                Identifier = identifier,
                FhirStatus = code,
                Status = status,
                StartedAt = happened.OccurredAt!.Value.ToUniversalTime(),
                EndedAt = happened.EndedAt?.ToUniversalTime(),
                Contact = new PoliceContact(kind, happened.Grade, number),
                Unit = new ContactUnit(unit.Name!.Trim(), unit.Phone!.Trim()),
            },
            traits,
            happened.UpdatedAt?.ToUniversalTime(),
            null,
            [identifier],
            HasOfficial: true,
            "event"
        );
    }

    /// <summary>One incident can be several contacts: an arrest, and the request for accommodation after it.</summary>
    public static BusinessIdentifier Identifier(ContactKind kind, string number) =>
        new(
            $"https://safeguarding-hub.uk/contact/{JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString())}",
            number.Trim()
        );

    private static void Check(ContactEvent happened, DateTimeOffset now, List<FieldError> errors)
    {
        if (happened.IncidentNumber is not { } number || !IncidentNumber().IsMatch(number.Trim()))
        {
            errors.Add(
                new(
                    "event.incidentNumber",
                    "is needed: 3 to 40 letters, digits, blanks and - / . with a digit; no name and no address."
                )
            );
        }

        if (happened.Kind is null)
            errors.Add(new("event.kind", "is needed."));
        if (happened.State is null)
            errors.Add(new("event.state", "is needed: open, ended or withdrawn."));
        if (happened.OccurredAt is not { } began)
            errors.Add(new("event.occurredAt", "is needed: date and time with the offset, as 2026-11-28T09:30:00Z."));
        else if (began > now + Ahead)
            errors.Add(new("event.occurredAt", "is in the future."));
        if (happened.EndedAt is { } ended && ended < happened.OccurredAt)
            errors.Add(new("event.endedAt", "is before the event began."));
        if (happened is { EndedAt: not null, State: ContactState.Open })
            errors.Add(new("event.endedAt", "is given, and the state is open. Remove one of the two."));
        if (happened.UpdatedAt > now + Ahead)
            errors.Add(new("event.updatedAt", "is in the future: later versions would be taken for older ones."));
    }

    private static void Check(ContactUnitDocument unit, List<FieldError> errors)
    {
        if (string.IsNullOrWhiteSpace(unit.Name) || unit.Name.Length > 100 || !TextProfile.Line.Allows(unit.Name))
            errors.Add(new("unit.name", "is needed: up to 100 characters."));
        if (unit.Phone is null || !Phone().IsMatch(unit.Phone.Trim()))
        {
            errors.Add(
                new("unit.phone", "is needed: digits, blanks, + ( ) - and x for an extension, 3 to 40 characters.")
            );
        }
    }

    private static PersonTraits Traits(ContactPerson person, DateTimeOffset now, List<FieldError> errors)
    {
        PersonIdentifier identifier = new PersonIdentifier.Unknown();
        if (!string.IsNullOrWhiteSpace(person.NhsNumber))
        {
            var digits = string.Concat(person.NhsNumber.Where(c => c is not (' ' or '-')));
            if (NhsNumber.TryParse(digits, out var number))
                identifier = new PersonIdentifier.Known(number);
            else
                errors.Add(new("person.nhsNumber", "is no NHS number: ten digits of which the last one checks."));
        }

        if (person.BirthDate is { } born && (born > UkTime.Day(now) || born.Year < 1900))
            errors.Add(new("person.birthDate", "is in the future, or before 1900."));
        var traits = new PersonTraits
        {
            Identifier = identifier,
            Names = [.. Names(person.Names ?? [], errors).OrderBy(name => name.Use)],
            BirthDate = person.BirthDate,
            Sex = person.Sex,
            Postcodes = [.. Postcodes(person.Postcodes ?? [], errors).OrderBy(postcode => postcode.Former)],
            Phones = [.. Phones(person.Phones ?? [], errors)],
        };
        var isSomebody = identifier is PersonIdentifier.Known || traits.Names.Count > 0 || traits.BirthDate is not null;
        if (!isSomebody && errors.Count == 0)
            errors.Add(new("person", "names nobody: give a name, a date of birth or an NHS number."));
        return traits;
    }

    private static IEnumerable<PersonName> Names(IReadOnlyList<ContactName?> names, List<FieldError> errors)
    {
        if (names.Count > MostNames)
            errors.Add(new("person.names", $"are more than {MostNames}."));
        for (var i = 0; i < Math.Min(names.Count, MostNames); i++)
        {
            var family = names[i]?.FamilyName?.Trim();
            List<string> given =
            [
                .. (names[i]?.GivenNames ?? [])
                    .Where(one => !string.IsNullOrWhiteSpace(one))
                    .Select(one => one!.Trim()),
            ];
            if (string.IsNullOrEmpty(family) && given.Count == 0)
            {
                errors.Add(new($"person.names[{i}]", "has neither family nor given name."));
                continue;
            }

            if (given.Count > MostNames || given.Append(family ?? "").Any(part => !IsText(part)))
            {
                errors.Add(
                    new($"person.names[{i}]", "has a part of more than 100 characters, or with control characters.")
                );
                continue;
            }

            yield return new PersonName(
                names[i]!.Use ?? NameUse.Usual,
                string.IsNullOrEmpty(family) ? null : family,
                given
            );
        }
    }

    private static IEnumerable<PersonPostcode> Postcodes(
        IReadOnlyList<ContactPostcode?> postcodes,
        List<FieldError> errors
    )
    {
        if (postcodes.Count > MostNames)
            errors.Add(new("person.postcodes", $"are more than {MostNames}."));
        for (var i = 0; i < Math.Min(postcodes.Count, MostNames); i++)
        {
            if (postcodes[i]?.Postcode?.Trim() is { Length: >= 2 and <= 10 } postcode && IsText(postcode))
                yield return new PersonPostcode(postcode, postcodes[i]!.Former);
            else
                errors.Add(new($"person.postcodes[{i}]", "is no postcode: 2 to 10 characters, and no address."));
        }
    }

    private static IEnumerable<string> Phones(IReadOnlyList<string?> phones, List<FieldError> errors)
    {
        if (phones.Count > MostNames)
            errors.Add(new("person.phones", $"are more than {MostNames}."));
        for (var i = 0; i < Math.Min(phones.Count, MostNames); i++)
        {
            if (phones[i]?.Trim() is { } phone && Phone().IsMatch(phone))
                yield return phone;
            else
                errors.Add(new($"person.phones[{i}]", "is no telephone number."));
        }
    }

    private static bool IsText(string text) => text.Length <= 100 && TextProfile.Line.Allows(text);

    [GeneratedRegex(@"\A(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 /.\-]{2,39}\z")]
    private static partial Regex IncidentNumber();

    [GeneratedRegex(@"\A[0-9 +()x\-]{3,40}\z")]
    private static partial Regex Phone();
}
