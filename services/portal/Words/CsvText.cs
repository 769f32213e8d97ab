namespace Safeguarding.Portal.Words;

/// <summary>Values as cells of a CSV file that people open in a spreadsheet.</summary>
internal static class CsvText
{
    /// <summary>
    /// Quoted where needed (RFC 4180); what a spreadsheet would take for a formula begins with an apostrophe.
    /// </summary>
    public static string Cell(string? value)
    {
        if (value is null or [])
            return "";
        var text = value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{value}" : value;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
