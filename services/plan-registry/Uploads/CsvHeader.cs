using Safeguarding.Hosting;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Which field of a CSV line belongs to which column.</summary>
internal sealed class CsvHeader
{
    private const int None = -1;
    private readonly int[] _columnOfField;

    private CsvHeader(int[] columnOfField) => _columnOfField = columnOfField;

    /// <summary>Whether it is a list of refused lines, corrected: the rest of the register is not in it.</summary>
    public bool IsOfRefusedLines => _columnOfField.Contains(None);

    public int Fields => _columnOfField.Length;

    /// <param name="line">The first line; several of the file where a heading has line breaks inside its
    /// quotes.</param>
    /// <returns>A header, or what is wrong with the first line. Never its words: a file without a header has a child
    /// there.</returns>
    public static (CsvHeader? Header, string? Code, string? Words) Read(string line) =>
        CsvText.Fields(line) is { } names
            ? Read(names)
            : (
                null,
                "header-quotes",
                "The quotes in the first line do not close. A heading with a line break in it needs quotes around it."
            );

    public static (CsvHeader? Header, string? Code, string? Words) Read(List<string> names)
    {
        if (names.Count == 1 && names[0].IndexOfAny([';', '\t', '|']) >= 0)
        {
            return (
                null,
                "header-separator",
                "The columns must be separated by commas. Save the file as \"CSV (comma delimited)\" or \"CSV UTF-8\"."
            );
        }
        // Spreadsheets write columns that were once in use: nothing may stand below them.
        names = names[..(names.FindLastIndex(name => !string.IsNullOrWhiteSpace(name)) + 1)];
        var columns = names.Select(UploadColumn.Find).ToList();
        if (columns.TrueForAll(column => column is null))
        {
            return (
                null,
                "header-missing",
                "The first line must name the columns, such as reference,kind,start_date,nhs_number."
            );
        }

        var unknown = names.FindIndex(name => UploadColumn.Find(name) is null && !UploadColumn.IsReason(name));
        if (unknown >= 0)
        {
            return (
                null,
                "column-unknown",
                $"Column {unknown + 1} is not one that the hub knows. Rename or remove it: a misspelt column would "
                    + "be silently lost."
            );
        }

        if (
            columns.OfType<UploadColumn>().GroupBy(column => column.Name).FirstOrDefault(same => same.Count() > 1) is
            { } twice
        )
        {
            return (null, "column-twice", $"The column {twice.Key} is there more than once.");
        }

        if (columns.TrueForAll(column => column?.Name != "reference"))
            return (null, "column-missing", "The column reference is missing.");
        return (new CsvHeader([.. columns.Select(column => column?.Index ?? None)]), null, null);
    }

    public UploadColumn? ColumnOf(int field) =>
        field < _columnOfField.Length && _columnOfField[field] is not None and var column
            ? UploadColumn.All[column]
            : null;

    public string?[] Arrange(List<string> fields)
    {
        var values = new string?[UploadColumn.All.Count];
        for (var i = 0; i < Math.Min(fields.Count, _columnOfField.Length); i++)
        {
            if (_columnOfField[i] != None)
                values[_columnOfField[i]] = fields[i];
        }

        return values;
    }
}
