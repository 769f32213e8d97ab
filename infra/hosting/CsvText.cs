namespace Safeguarding.Hosting;

/// <summary>Values as cells of a CSV file that people open in a spreadsheet.</summary>
public static class CsvText
{
    /// <summary>
    /// Quoted where needed (RFC 4180); what a spreadsheet would take for a formula begins with an apostrophe.
    /// </summary>
    /// <param name="value">Empty where there is none.</param>
    public static string Cell(string? value)
    {
        var text = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{value}" : value ?? "";
        return text.AsSpan().ContainsAny(",\"\r\n") || text.AsSpan().Trim().Length < text.Length
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
    }
}
