using Safeguarding.Hosting;

namespace Safeguarding.MatchFiles;

/// <summary>
/// A file of separated values (comma, semicolon, tab or bar; quotes as in RFC 4180): headings, and rows of
/// trimmed texts.
/// </summary>
/// <param name="Headings">The headings.</param>
/// <param name="Rows">The rows that are sound.</param>
/// <param name="Lines">The line on which each row begins; the headings stand on line 1.</param>
/// <param name="Refused">The rows that are not, each with its line.</param>
internal sealed record Table(
    IReadOnlyList<string> Headings,
    IReadOnlyList<string[]> Rows,
    IReadOnlyList<int> Lines,
    List<RefusedRow> Refused
)
{
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    public static Table Read(TextReader text)
    {
        var lines = new LineReader(text);
        var first = lines.Next() ?? throw new BadFileException("The file is empty.");
        var separator = Separators.MaxBy(candidate => first.Count(letter => letter == candidate));
        var record = Record.Read(first, separator, lines, out _)
            ?? throw new BadFileException("Line 1: a quotation mark is opened and not closed.");
        var headings = record.Select(heading => heading.TrimStart('\uFEFF')).ToArray();
        if (
            headings
                .Where(heading => heading.Length > 0)
                .GroupBy(heading => heading)
                .FirstOrDefault(group => group.Count() > 1) is
            { } twice
        )
        {
            throw new BadFileException($"Line 1: the heading {twice.Key} stands there twice.");
        }

        var rows = new List<string[]>();
        var numbers = new List<int>();
        var refused = new List<RefusedRow>();
        // One copy of each text: names and places come again and again.
        var known = new HashSet<string>();
        while (lines.Next() is { } line)
        {
            var number = lines.Number;
            var fields = Record.Read(line, separator, lines, out var further);
            var fits =
                fields is not null
                && fields.Count >= headings.Length
                && fields.FindLastIndex(field => field.Length > 0) < headings.Length;
            // A mark that is never closed ends at the next one, lines below: the rows between are sound, and are read
            // by themselves.
            if (fields is null || (!fits && further.Count > 0))
            {
                lines.GiveBack(further);
                refused.Add(new(number, "a quotation mark is opened and not closed"));
            }
            else if (fields.TrueForAll(field => field.Length == 0))
            {
                continue;
            }
            else if (!fits)
            {
                refused.Add(new(number, $"{fields.Count} fields, where the headings are {headings.Length}"));
            }
            else
            {
                rows.Add([.. fields.Take(headings.Length).Select(field => OneCopy(field, known))]);
                numbers.Add(number);
            }
        }

        return new(headings, rows, numbers, refused);
    }

    private static string OneCopy(string field, HashSet<string> known)
    {
        if (known.TryGetValue(field, out var same))
            return same;
        known.Add(field);
        return field;
    }
}

/// <summary>A row that was left out.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="Why">What is wrong with it; holds none of its values.</param>
internal sealed record RefusedRow(int Line, string Why);

/// <summary>Lines with their numbers, that can be given back.</summary>
internal sealed class LineReader(TextReader text)
{
    private readonly Stack<string> _back = [];

    public int Number { get; private set; }

    public string? Next()
    {
        var line = _back.TryPop(out var again) ? again : text.ReadLine();
        Number += line is null ? 0 : 1;
        return line;
    }

    public void GiveBack(IEnumerable<string> lines)
    {
        foreach (var line in lines.Reverse())
        {
            _back.Push(line);
            Number--;
        }
    }
}

/// <summary>One record.</summary>
internal static class Record
{
    // A mark that is never closed would swallow the rest of the file.
    private const int MostLines = 20;

    /// <summary>The fields of the record that begins on this line; null where it does not end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="separator">Between fields.</param>
    /// <param name="lines">The lines after it.</param>
    /// <param name="further">Those that were taken.</param>
    public static List<string>? Read(string line, char separator, LineReader lines, out List<string> further)
    {
        List<string> taken = [];
        var fields = CsvText.Fields(line, separator, Next);
        further = taken;
        return fields?.ConvertAll(field => field.Trim());

        string? Next()
        {
            if (taken.Count == MostLines || lines.Next() is not { } next)
                return null;
            taken.Add(next);
            return next;
        }
    }
}
