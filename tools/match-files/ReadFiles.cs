using System.Text;
using System.Text.Json;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>Reads the registry and the encounters, and reports which rows and values could not be read.</summary>
internal static class ReadFiles
{
    private const int MostTold = 20;

    public static FilePair Both(LinkFiles.Settings settings, TextWriter tell)
    {
        using var map = settings.Map is null ? null : Map(settings.Map);
        var registry = Open(settings.RegistryFile, "registry", tell);
        var encounters = settings.Self ? registry : Open(settings.Encounters!, "encounters", tell);
        var (ids, reader, people) = One(registry, encounters, map?.RootElement, "registry", [], settings, tell);
        var candidates = CandidatesOf(reader, people, settings, tell);
        List<string> traits = [.. reader.FurtherTraits];
        if (settings.Self)
            return new(ids, candidates, ids, people, traits, Self: true);
        var (encounterIds, patients, encountered) = One(
            encounters,
            registry,
            map?.RootElement,
            "encounters",
            traits,
            settings,
            tell
        );
        return new(ids, candidates, encounterIds, encountered, [.. traits.Union(patients.FurtherTraits)], Self: false);
    }

    // As the service has plans: each council is decided by its own alone. A file that names no council is one council's
    // register, unless what is looked for is who stands there twice.
    private static IReadOnlyList<Candidate> CandidatesOf(
        RowReader reader,
        List<Person> people,
        LinkFiles.Settings settings,
        TextWriter tell
    )
    {
        var nameless = settings.Self || settings.Estimate ? "" : "the registry's";
        tell.WriteLine(
            reader.HasCouncils ? "registry: each council is decided by its own rows alone"
            : nameless.Length > 0 ? "registry: one council's, each row a plan of its own"
            : "registry: no council's, one person may stand in several rows"
        );
        return RegisterNames.Into([
            .. people.Select(
                (person, row) =>
                    new Candidate(
                        RegisterIndex.IdOf(row),
                        reader.HasCouncils ? reader.CouncilOf(row) : nameless,
                        reader.ExpectedDateOf(row) is null ? MatchRole.Child : MatchRole.MotherOfUnborn,
                        person,
                        reader.ExpectedDateOf(row)
                    )
                    {
                        Kind = reader.PlanKindOf(row),
                    }
            ),
        ]);
    }

    private static JsonDocument Map(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(path));
        }
        catch (JsonException broken)
        {
            throw new BadFileException($"The map is no well-formed JSON: {broken.Message}");
        }
    }

    private static Table Open(string path, string role, TextWriter tell)
    {
        try
        {
            return Read(path, role, tell);
        }
        catch (BadFileException bad)
        {
            throw new BadFileException($"{role}: {bad.Message}");
        }
    }

    private static Table Read(string path, string role, TextWriter tell)
    {
        try
        {
            using var text = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return Table.Read(text);
        }
        catch (DecoderFallbackException)
        {
            // What spreadsheets in England write when they are not told otherwise.
            tell.WriteLine($"{role}: not UTF-8, read as Windows-1252");
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            using var text = new StreamReader(path, Encoding.GetEncoding(1252));
            return Table.Read(text);
        }
    }

    private static (List<string> Ids, RowReader Reader, List<Person> People) One(
        Table table,
        Table other,
        JsonElement? map,
        string role,
        IReadOnlyList<string> known,
        LinkFiles.Settings settings,
        TextWriter tell
    )
    {
        // One map for both files, or one for each under "registry" and "encounters".
        if (
            map is { ValueKind: JsonValueKind.Object } both
            && both.TryGetProperty(role, out var own)
            && own.ValueKind == JsonValueKind.Object
        )
        {
            (map, other) = (own, table);
        }

        var columns = map is { } document
            ? ColumnMap.Read(document, table.Headings, other.Headings)
            : ColumnMap.Guess(table.Headings);
        var unused = table.Headings.Except([columns.Id, .. columns.Columns.Select(column => column.Heading)]).ToList();
        var council = columns.Columns.FirstOrDefault(column => column.Field == Field.Council && role == "registry");
        var headings = table.Headings.ToList();
        var sound = Sound(
            table,
            headings.IndexOf(columns.Id),
            council is null ? -1 : headings.IndexOf(council.Heading)
        );
        tell.WriteLine(
            $"{role}: {sound.Rows.Count:N0} rows; "
                + string.Join(", ", columns.Columns.Select(column => $"{column.Heading} = {column.Field}"))
                + (unused.Count == 0 ? "" : $"; not used: {string.Join(", ", unused)}")
        );
        foreach (var row in sound.Refused.OrderBy(row => row.Line).Take(MostTold))
            tell.WriteLine($"{role}, line {row.Line}: left out: {row.Why}");
        if (sound.Refused.Count > MostTold)
            tell.WriteLine($"{role}: {sound.Refused.Count - MostTold:N0} more rows left out");
        if (sound.Rows.Count == 0)
            throw new BadFileException($"The {role} has no row that can be used.");

        var reader = new RowReader(sound, columns, !settings.WithoutIdentifier, known);
        foreach (var (heading, what, count, line) in reader.Unreadable())
        {
            tell.WriteLine(
                $"{role}: {heading}: {count:N0} values are no {what}, the first on line {line}; they count as missing"
            );
        }

        return ([.. sound.Rows.Select(reader.IdOf)], reader, reader.ReadAll());
    }

    // A decision names two rows by their ids: without one, or with another row's, it would name nobody or somebody
    // else.
    private static Table Sound(Table table, int id, int council)
    {
        var rows = new List<string[]>();
        var lines = new List<int>();
        var refused = table.Refused.ToList();
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < table.Rows.Count; i++)
        {
            var own = table.Rows[i][id];
            if (own.Length == 0)
            {
                refused.Add(new(table.Lines[i], "no id"));
            }
            else if (council >= 0 && table.Rows[i][council].Length == 0)
            {
                refused.Add(new(table.Lines[i], "no council"));
            }
            else if (!seen.TryAdd(own, table.Lines[i]))
            {
                refused.Add(new(table.Lines[i], $"its id stands on line {seen[own]} already"));
            }
            else
            {
                rows.Add(table.Rows[i]);
                lines.Add(table.Lines[i]);
            }
        }

        return table with
        {
            Rows = rows,
            Lines = lines,
            Refused = refused,
        };
    }
}
