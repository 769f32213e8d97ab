using System.Globalization;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// The values of a line, one for each <see cref="UploadColumn"/>. A line that was good by itself, and refused for
/// another with the same reference, is written again from what it said.
/// </summary>
internal static class ValuesAsSent
{
    public static IReadOnlyList<string?> Of(StagedLine line, Sealer sealer)
    {
        if (line.Sent is { } sent)
            return sealer.Open(new Sealed<SentLine>(line.SentKeyId!, sent)).Values;
        var values = new string?[UploadColumn.All.Count];
        Set(values, "reference", line.Reference);
        Set(
            values,
            "action",
            line.Action switch
            {
                LineAction.Ends => "end",
                LineAction.Deletes => "delete",
                _ => null,
            }
        );
        Set(values, "kind", line.Kind?.ToSnomed());
        Set(values, "start_date", Day(line.StartDate));
        Set(values, "end_date", Day(line.EndDate));
        Set(values, "expected_date", Day(line.ExpectedDate));
        Set(values, "restricted", line.Restricted is { } restricted ? (restricted ? "yes" : "no") : null);
        if (line.Subject is not { } subject)
            return values;
        var person = sealer.Open(new Sealed<PersonTraits>(line.SubjectKeyId!, subject));
        Set(values, "", person);
        Set(values, "other_names", Names(person, NameUse.Other));
        Set(values, "sex", person.Sex?.ToString().ToLowerInvariant());
        Set(
            values,
            "former_postcodes",
            Joined(person.Postcodes.Where(code => code.Former).Select(code => code.Postcode))
        );
        Set(values, "phones", Joined(person.Phones));
        if (person.Mother is { } mother)
            Set(values, "mother_", mother);
        return values;
    }

    private static void Set(string?[] values, string prefix, PersonTraits person)
    {
        var number = person.Identifier as PersonIdentifier.Known;
        var usual = person.Names.FirstOrDefault(name => name.Use == NameUse.Usual);
        Set(values, prefix + "nhs_number", number?.Number.Reveal());
        Set(
            values,
            prefix + "identifier_state",
            person.Identifier switch
            {
                PersonIdentifier.Known => null,
                PersonIdentifier.Withheld => "withheld",
                _ => "unknown",
            }
        );
        Set(values, prefix + "family_name", usual?.Family);
        Set(values, prefix + "given_names", usual is null ? null : string.Join(' ', usual.Given));
        Set(values, prefix + "former_names", Names(person, NameUse.Former));
        Set(values, prefix + "birth_date", Day(person.BirthDate));
        Set(values, prefix + "postcode", person.Postcodes.FirstOrDefault(code => !code.Former)?.Postcode);
    }

    private static string? Names(PersonTraits person, NameUse use) =>
        Joined(
            person.Names.Where(name => name.Use == use).Select(name => $"{name.Family}, {string.Join(' ', name.Given)}")
        );

    private static string? Joined(IEnumerable<string> parts) =>
        string.Join("; ", parts) is { Length: > 0 } text ? text : null;

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Set(string?[] values, string column, string? value) =>
        values[UploadColumn.Named(column).Index] = value;
}
