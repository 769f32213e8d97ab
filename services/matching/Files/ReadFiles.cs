using System.Text.Json;
using Safeguarding.Matching.Rules;

namespace Safeguarding.Matching.Files;

/// <summary>Reads the registry and the encounters.</summary>
internal static class ReadFiles
{
    public static FilePair Both(Arguments arguments, TextWriter tell)
    {
        using var map = arguments.Map is null ? null : JsonDocument.Parse(File.ReadAllText(arguments.Map));
        var (ids, registry, traits) = One(arguments.Registry, map?.RootElement, "registry", arguments, tell);
        if (arguments.Self)
            return new(ids, registry, ids, registry, traits, Self: true);
        var (encounterIds, encounters, more) = One(arguments.Encounters!, map?.RootElement, "encounters", arguments, tell);
        return new(ids, registry, encounterIds, encounters, [.. traits.Union(more)], Self: false);
    }

    private static (List<string> Ids, List<Person> Persons, List<string> Traits) One(
        string path, JsonElement? map, string role, Arguments arguments, TextWriter tell)
    {
        using var text = new StreamReader(path);
        var table = Table.Read(text);
        // One map for both files, or one for each under "registry" and "encounters".
        if (map is { ValueKind: JsonValueKind.Object } both && both.TryGetProperty(role, out var own) && own.ValueKind == JsonValueKind.Object)
            map = own;
        var columns = map is { } document ? ColumnMap.Read(document, table.Headings) : ColumnMap.Guess(table.Headings);
        var unused = table.Headings.Except([columns.Id, .. columns.Columns.Select(column => column.Heading)]).ToList();
        tell.WriteLine($"{role}: {table.Rows.Count:N0} rows; " + string.Join(", ", columns.Columns.Select(column => $"{column.Heading} = {column.Field}"))
            + (unused.Count == 0 ? "" : $"; not used: {string.Join(", ", unused)}"));
        var reader = new RowReader(table, columns, !arguments.WithoutIdentifier);
        return ([.. table.Rows.Select(reader.IdOf)], reader.ReadAll(), [.. reader.FurtherTraits]);
    }
}
