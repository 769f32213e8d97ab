using System.Text;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Splits one line by RFC 4180, but for line breaks inside quotes: a line is a line here, so that one forgotten quote
/// cannot swallow the rest of the file.
/// </summary>
internal static class SplitCsvLine
{
    /// <returns>Null where the quotes do not close, or stand where none belong.</returns>
    public static List<string>? From(ReadOnlySpan<char> line)
    {
        var fields = new List<string>(UploadColumn.All.Count);
        while (true)
        {
            // ="9434765919" is how spreadsheets are made to keep a number as text.
            if (line is ['"', ..] or ['=', '"', ..])
            {
                if (line[0] == '=')
                    line = line[1..];
                if (Quoted(ref line) is not { } field)
                    return null;
                fields.Add(field);
            }
            else
            {
                var comma = line.IndexOf(',');
                var field = comma < 0 ? line : line[..comma];
                if (field.Contains('"'))
                    return null;
                fields.Add(field.ToString());
                line = line[field.Length..];
            }

            if (line.IsEmpty)
                return fields;
            if (line[0] != ',')
                return null;
            line = line[1..];
        }
    }

    private static string? Quoted(ref ReadOnlySpan<char> line)
    {
        line = line[1..];
        var field = new StringBuilder();
        while (true)
        {
            var quote = line.IndexOf('"');
            if (quote < 0)
                return null;
            field.Append(line[..quote]);
            line = line[(quote + 1)..];
            if (line is not ['"', ..])
                return field.ToString();
            field.Append('"');
            line = line[1..];
        }
    }
}
