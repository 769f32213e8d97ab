using System.Text;

namespace Safeguarding.Matching.Files;

/// <summary>A file of separated values (comma, semicolon, tab or bar; quotes as in RFC 4180): headings, and rows of trimmed texts.</summary>
internal sealed record Table(IReadOnlyList<string> Headings, IReadOnlyList<string[]> Rows)
{
    public static Table Read(TextReader text)
    {
        var first = text.ReadLine() ?? throw new BadFileException("The file is empty.");
        var separator = Separators.MaxBy(candidate => first.Count(letter => letter == candidate));
        var headings = Record(first, separator, text).Select(heading => heading.TrimStart('\uFEFF')).ToArray();
        var rows = new List<string[]>();
        // One copy of each text: names and places come again and again.
        var known = new HashSet<string>();
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0)
                continue;
            var fields = Record(line, separator, text);
            var row = new string[headings.Length];
            for (var i = 0; i < row.Length; i++)
            {
                var field = i < fields.Count ? fields[i] : "";
                if (known.TryGetValue(field, out var same))
                    field = same;
                else
                    known.Add(field);
                row[i] = field;
            }

            rows.Add(row);
        }

        return new(headings, rows);
    }

    private static readonly char[] Separators = [',', ';', '\t', '|'];

    private static List<string> Record(string line, char separator, TextReader text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; ; i++)
        {
            if (i == line.Length)
            {
                if (!quoted || text.ReadLine() is not { } next)
                    break;
                // A quoted line break belongs to the value.
                field.Append(' ');
                line = next;
                i = -1;
            }
            else if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (line[i] == '"' && (quoted || string.IsNullOrWhiteSpace(field.ToString())))
            {
                quoted = !quoted;
            }
            else if (line[i] == separator && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString().Trim());
        return fields;
    }
}
