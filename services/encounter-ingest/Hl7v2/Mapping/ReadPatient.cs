using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Hl7v2.Messages;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Hl7v2.Mapping;

/// <summary>PID and NK1 to what matching uses of a patient, and nothing else of them.</summary>
internal static class ReadPatient
{
    public static PatientChange Read(
        Segment patient,
        IReadOnlyList<Segment> relatives,
        DateTimeOffset now,
        Issues issues
    )
    {
        var flags = patient[32].Repeats.Select(repeat => repeat.Text?.ToUpperInvariant()).ToHashSet();
        // PID-2 and PID-19 are where old systems have the number.
        var identifiers = patient[3].Repeats.Concat(patient[2].Repeats).Concat(AsNhs(patient[19]));
        return new PatientChange
        {
            Identifier = ReadNumbers.Nhs(identifiers, "PID-3", issues),
            NumberStatus = ReadNumbers.Status(patient, issues),
            Names = Names(patient[5], "PID-5", isAlias: flags.Contains("AL"), issues),
            // A birth date that is a guess finds another child.
            BirthDate =
                flags.Contains("ED") || flags.Contains("UD")
                    ? Said<DateOnly?>.Deleted
                    : BirthDate(patient[7], "PID-7", now, issues),
            Sex = SexOf(patient[8], issues),
            Postcodes = flags.Contains("UA")
                ? Said<IReadOnlyList<PersonPostcode>>.Deleted
                : Postcodes(patient[11], issues),
            Phones = Phones([patient[13], patient[14]], "PID-13", issues),
            Mother = Mother(patient, relatives, now, issues),
        };
    }

    private static Said<IReadOnlyList<PersonName>> Names(Field names, string path, bool isAlias, Issues issues)
    {
        if (names.IsNull)
            return Said<IReadOnlyList<PersonName>>.Deleted;
        var read = new List<(int Order, PersonName Name)>();
        foreach (var name in names.Repeats)
        {
            var type = name.Component(7).Text?.ToUpperInvariant();
            // A pseudonym names no person.
            if (type == "S")
                continue;
            var family = Kept(name.Component(1).Text, path, issues);
            string[] given =
            [
                .. new[] { name.Component(2), name.Component(3) }
                    .Select(part => Kept(part.Text, path, issues))
                    .OfType<string>(),
            ];
            if (family is null && given.Length == 0)
                continue;
            if (read.Count == Limits.KeptRepeats)
            {
                issues.Warn(IssueKind.RepeatsPassedOver, path);
                break;
            }

            var order = type switch
            {
                "L" => 0,
                "D" => 1,
                null => 2,
                "U" => 3,
                _ => 4,
            };
            var use = order == 4 || isAlias ? NameUse.Other : NameUse.Usual;
            read.Add((order, new PersonName(use, family, given)));
        }

        return read.Count == 0
            ? Said<IReadOnlyList<PersonName>>.Nothing
            : new Said<IReadOnlyList<PersonName>>(
                true,
                [.. read.OrderBy(one => one.Name.Use).ThenBy(one => one.Order).Select(one => one.Name)]
            );
    }

    private static Said<DateOnly?> BirthDate(Field field, string path, DateTimeOffset now, Issues issues)
    {
        if (field.IsNull)
            return Said<DateOnly?>.Deleted;
        if (field.Text is not { } text)
            return Said<DateOnly?>.Nothing;
        if (text.Length is 4 or 6)
            issues.Warn(IssueKind.DateTimePartial, path);
        else if (Hl7Time.Day(text) is not { } day)
            issues.Warn(IssueKind.BirthDateInvalid, path);
        else if (day > UkTime.Day(now))
            issues.Warn(IssueKind.BirthDateInFuture, path);
        else if (day <= new DateOnly(1900, 1, 1))
            issues.Warn(IssueKind.BirthDateTooEarly, path);
        else
            return new Said<DateOnly?>(true, day);
        return Said<DateOnly?>.Nothing;
    }

    private static Said<Sex?> SexOf(Field field, Issues issues)
    {
        if (field.IsNull)
            return Said<Sex?>.Deleted;
        switch (field.Text?.ToUpperInvariant())
        {
            case null:
                return Said<Sex?>.Nothing;
            case "F" or "2" or "FEMALE":
                return new Said<Sex?>(true, Sex.Female);
            case "M" or "1" or "MALE":
                return new Said<Sex?>(true, Sex.Male);
            case "O" or "A":
                return new Said<Sex?>(true, Sex.Other);
            case "U" or "N" or "9" or "0" or "X":
                return Said<Sex?>.Deleted;
            default:
                issues.Warn(IssueKind.CodeUnknown, "PID-8");
                return Said<Sex?>.Nothing;
        }
    }

    private static Said<IReadOnlyList<PersonPostcode>> Postcodes(Field addresses, Issues issues)
    {
        if (addresses.IsNull)
            return Said<IReadOnlyList<PersonPostcode>>.Deleted;
        var home = addresses
            .Repeats.Select(address =>
                (
                    Type: address.Component(7).Text?.ToUpperInvariant(),
                    Postcode: Kept(address.Component(5).Text, "PID-11", issues)
                )
            )
            // ZZ99 codes are made up for those who have no address here.
            .Where(one =>
                one is { Type: not "BA", Postcode: not null }
                && !one.Postcode.StartsWith("ZZ99", StringComparison.OrdinalIgnoreCase)
            )
            .OrderBy(one => one.Type == "H" ? 0 : 1)
            .Select(one => one.Postcode)
            .FirstOrDefault();
        return home is null
            ? Said<IReadOnlyList<PersonPostcode>>.Nothing
            : new Said<IReadOnlyList<PersonPostcode>>(true, [new PersonPostcode(home)]);
    }

    // Both fields are one list to us: what either says replaces it.
    private static Said<IReadOnlyList<string>> Phones(Field[] fields, string path, Issues issues)
    {
        if (!fields.Any(field => field.Raw.Length > 0))
            return Said<IReadOnlyList<string>>.Nothing;
        var phones = fields
            .SelectMany(field => field.Repeats)
            .Where(phone =>
                phone.Component(2).Text?.ToUpperInvariant() is not "NET"
                && phone.Component(3).Text?.ToUpperInvariant() is not ("FX" or "INTERNET" or "X.400" or "MD" or "TDD")
            )
            .Select(phone => phone.Component(1).Text ?? AreaAndNumber(phone) ?? phone.Component(12).Text)
            .Where(phone => phone is { Length: <= 40 })
            .Select(phone => Kept(phone, path, issues))
            .OfType<string>()
            .Distinct()
            .Take(Limits.KeptRepeats)
            .ToList();
        return phones.Count > 0 || Array.Exists(fields, field => field.IsNull)
            ? new Said<IReadOnlyList<string>>(true, phones)
            : Said<IReadOnlyList<string>>.Nothing;
    }

    private static string? AreaAndNumber(Field phone) =>
        phone.Component(7).Text is { } number ? phone.Component(6).Text + number : null;

    private static Said<PatientChange> Mother(
        Segment patient,
        IReadOnlyList<Segment> relatives,
        DateTimeOffset now,
        Issues issues
    )
    {
        // A mistake in what is said of her must not cost more than itself.
        var hers = new Issues();
        var related = relatives.FirstOrDefault(IsMother);
        var change = new PatientChange();
        if (related is not null)
        {
            change = new PatientChange
            {
                Identifier = ReadNumbers.Nhs(related[33].Repeats, "NK1-33", hers),
                Names = Names(related[2], "NK1-2", isAlias: false, hers),
                BirthDate = BirthDate(related[16], "NK1-16", now, hers),
                Phones = Phones([related[5], related[6]], "NK1-5", hers),
            };
        }

        if (!change.Identifier.IsSaid)
            change = change with { Identifier = ReadNumbers.Nhs(patient[21].Repeats, "PID-21", hers) };
        foreach (var issue in hers.All.DistinctBy(issue => issue.Path))
            issues.Warn(IssueKind.MotherPassedOver, issue.Path!);
        if (change != new PatientChange())
            return change;
        return relatives.Any(relative => relative[2].IsNull) || patient[21].IsNull
            ? Said<PatientChange>.Deleted
            : Said<PatientChange>.Nothing;
    }

    private static bool IsMother(Segment relative) =>
        Codes.IsMother(relative[3].Component(1).Text?.ToUpperInvariant())
        || relative[3].Component(1).Text?.ToUpperInvariant() == "MOTHER"
        || (relative[3].Component(1).Text is null && relative[3].Component(2).Text?.ToUpperInvariant() == "MOTHER");

    // PID-19 holds one number of a known kind: the national one.
    private static IEnumerable<Field> AsNhs(Field number) =>
        number.Text is { } text && ReadNumbers.Valid(text) is not null
            ?
            [
                new Field(
                    $"{text}{number.Syntax.Component}{number.Syntax.Component}{number.Syntax.Component}NHS",
                    number.Syntax
                ),
            ]
            : [];

    private static string? Kept(string? text, string path, Issues issues)
    {
        if (text is null)
            return null;
        if (text.Length > Limits.StoredText)
            issues.Warn(IssueKind.TextTooLong, path);
        else if (!TextProfile.Message.Allows(text))
            issues.Warn(IssueKind.TextNotAllowed, path);
        else
            return text;
        return null;
    }
}
