using System.Text;

namespace Safeguarding.Hosting;

/// <summary>CSV files (RFC 4180): cells that people open in a spreadsheet, and records that programs wrote.</summary>
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

    /// <summary>The fields of one line, commas between them; a quoted field ends on its line.</summary>
    /// <param name="line">The line.</param>
    /// <returns>Null where the quotes do not close, or stand where none belong.</returns>
    public static List<string>? Fields(string line) => Fields(line, ',', isStrict: true, next: () => null);

    /// <summary>
    /// The fields of the record that begins on this line, whatever else stands around its quotes; a field may go on
    /// over the lines below.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="separator">Between fields.</param>
    /// <param name="next">The next line; null where there is none, or where the record is too long.</param>
    /// <returns>Null where the quotes do not close.</returns>
    public static List<string>? Fields(string line, char separator, Func<string?> next) =>
        Fields(line, separator, isStrict: false, next);

    private static List<string>? Fields(string line, char separator, bool isStrict, Func<string?> next)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var (isQuoted, isClosed) = (false, false);
        for (var i = 0; ; i++)
        {
            if (i == line.Length)
            {
                if (!isQuoted)
                    break;
                if (next() is not { } further)
                    return null;

                // A quoted line break belongs to the value.
                field.Append(' ');
                line = further;
                i = -1;
            }
            else if (line[i] == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (line[i] == '"' && isQuoted)
            {
                (isQuoted, isClosed) = (false, true);
            }
            else if (line[i] == '"' && (isStrict ? !isClosed && MayOpen(field) : IsBlank(field)))
            {
                isQuoted = true;
                if (isStrict)
                    field.Clear();
            }
            else if (line[i] == separator && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
                isClosed = false;
            }
            else if (isStrict && !isQuoted && (isClosed || line[i] == '"'))
            {
                return null;
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    // ="9434765919" is how spreadsheets are made to keep a number as text.
    private static bool MayOpen(StringBuilder field) => field.Length == 0 || (field.Length == 1 && field[0] == '=');

    private static bool IsBlank(StringBuilder field)
    {
        for (var i = 0; i < field.Length; i++)
        {
            if (!char.IsWhiteSpace(field[i]))
                return false;
        }

        return true;
    }
}
