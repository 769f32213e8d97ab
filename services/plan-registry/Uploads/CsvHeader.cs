using System.Text;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Which field of a CSV line belongs to which column.</summary>
internal sealed class CsvHeader
{
    private readonly int[] _columnOfField;

    private CsvHeader(int[] columnOfField) => _columnOfField = columnOfField;

    public int Fields => _columnOfField.Length;

    /// <returns>A header, or what is wrong with the first line. Never its words: a file without a header has a child there.</returns>
    public static (CsvHeader? Header, string? Code, string? Words) Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith<byte>([0xFF, 0xFE]) || utf8.StartsWith<byte>([0xFE, 0xFF]) || utf8.Contains((byte)0))
            return (null, "header-encoding", "The file is not UTF-8 text (it looks like UTF-16). Save it as \"CSV UTF-8\".");
        if (SplitCsvLine.From(Encoding.UTF8.GetString(utf8)) is not { } names)
            return (null, "header-quotes", "The quotes in the first line do not close.");
        if (names.Count == 1 && names[0].IndexOfAny([';', '\t', '|']) >= 0)
            return (null, "header-separator", "The columns must be separated by commas. Save the file as \"CSV (comma delimited)\" or \"CSV UTF-8\".");
        var columns = names.Select(UploadColumn.Find).ToList();
        if (columns.TrueForAll(column => column is null))
            return (null, "header-missing", "The first line must name the columns, such as reference,kind,start_date,nhs_number.");
        var unknown = columns.IndexOf(null);
        if (unknown >= 0)
            return (null, "column-unknown", $"Column {unknown + 1} is not one that the hub knows. Rename or remove it: a misspelt column would be silently lost.");
        if (columns.GroupBy(column => column!.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            return (null, "column-twice", $"The column {twice.Key} is there more than once.");
        if (columns.TrueForAll(column => column!.Name != "reference"))
            return (null, "column-missing", "The column reference is missing.");
        return (new CsvHeader([.. columns.Select(column => column!.Index)]), null, null);
    }

    public string?[] Arrange(List<string> fields)
    {
        var values = new string?[UploadColumn.All.Count];
        for (var i = 0; i < Math.Min(fields.Count, _columnOfField.Length); i++)
            values[_columnOfField[i]] = fields[i];
        return values;
    }
}
