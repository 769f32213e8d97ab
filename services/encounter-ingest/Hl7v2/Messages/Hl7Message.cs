using System.Text;

namespace Safeguarding.EncounterIngest.Hl7v2.Messages;

/// <summary>
/// One HL7 v2 message, read leniently: segments by name, in any order, none of them required but the first. What is
/// not asked for is never looked at.
/// </summary>
internal sealed class Hl7Message
{
    private Hl7Message(Syntax syntax, IReadOnlyList<Segment> segments) => (Syntax, Segments) = (syntax, segments);

    public Syntax Syntax { get; }

    public IReadOnlyList<Segment> Segments { get; }

    public Segment Header => Segments[0];

    /// <summary>Whether it is a batch or file of messages instead of one.</summary>
    public bool IsBatch => Header.Name is "BHS" or "FHS";

    /// <summary>Reads a text; null where it does not begin with a header segment that names its delimiters.</summary>
    public static Hl7Message? Read(string text, Encoding charset)
    {
        // CR is the only right end of a segment; LF and CRLF are what many write.
        var lines = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (
            lines is not [var header, ..]
            || header.Length < 3
            || header[..3] is not ("MSH" or "BHS" or "FHS")
            || Syntax.Read(header, charset) is not { } syntax
        )
        {
            return null;
        }

        return new Hl7Message(
            syntax,
            [.. lines.Where(line => IsSegment(line, syntax)).Select(line => new Segment(line, syntax))]
        );
    }

    public Segment? First(string segment)
    {
        foreach (var one in Segments)
        {
            if (one.Name == segment)
                return one;
        }

        return null;
    }

    public IEnumerable<Segment> All(string segment) => Segments.Where(one => one.Name == segment);

    /// <summary>A field of the first segment of that name; absent where there is no such segment.</summary>
    public Field At(string segment, int field) => First(segment)?[field] ?? new Field("", Syntax);

    /// <summary>A path such as <c>PV1-19.1</c>.</summary>
    public Field At(FieldPath path) => At(path.Segment, path.Field).First.Component(path.Component);

    private static bool IsSegment(string line, Syntax syntax) =>
        line.Length >= 3
        && char.IsAsciiLetterUpper(line[0])
        && char.IsAsciiLetterOrDigit(line[1])
        && char.IsAsciiLetterOrDigit(line[2])
        && (line.Length == 3 || line[3] == syntax.Field);

    public override string ToString() => nameof(Hl7Message);
}

/// <summary>One segment; its fields count as the standard counts them.</summary>
internal sealed class Segment
{
    private readonly string[] _fields;
    private readonly Syntax _syntax;

    // In a header segment the first delimiter is itself a field.
    private readonly int _shift;

    public Segment(string line, Syntax syntax)
    {
        _syntax = syntax;
        _fields = line.Split(syntax.Field);
        _shift = Name is "MSH" or "BHS" or "FHS" ? 1 : 0;
    }

    public string Name => _fields[0];

    public Field this[int field] =>
        new(field - _shift < _fields.Length && field > _shift ? _fields[field - _shift] : "", _syntax);

    public override string ToString() => Name;
}

/// <summary>
/// A field or a part of one. It says a value, or nothing, which means "as before", or <c>""</c>, which means
/// "delete".
/// </summary>
internal readonly record struct Field(string Raw, Syntax Syntax)
{
    /// <summary>Delete what is stored.</summary>
    public bool IsNull => Raw == "\"\"";

    /// <summary>A value or a delete, and not what some systems write for nothing.</summary>
    public bool IsSaid => IsNull || Text is not null;

    /// <summary>The repetitions.</summary>
    public IEnumerable<Field> Repeats
    {
        get
        {
            var syntax = Syntax;
            return Raw.Length == 0 ? [] : Raw.Split(syntax.Repeat).Select(repeat => new Field(repeat, syntax));
        }
    }

    public Field First => new(Part(Raw, Syntax.Repeat, 1), Syntax);

    public Field Component(int number) => new(Part(Raw, Syntax.Component, number), Syntax);

    public Field Sub(int number) => new(Part(Raw, Syntax.Sub, number), Syntax);

    /// <summary>
    /// The text of the first subcomponent of the first component, without escapes; null where it says nothing.
    /// </summary>
    public string? Text
    {
        get
        {
            var raw = Part(Part(Part(Raw, Syntax.Repeat, 1), Syntax.Component, 1), Syntax.Sub, 1);
            if (raw.AsSpan().Trim() is "" or "\"\"" or "\"\"\"\"" or "\" \"" or "NULL" or "null")
                return null;
            var text = Syntax.Unescape(raw).Trim();
            return text.Length == 0 ? null : text;
        }
    }

    private static string Part(string raw, char delimiter, int number)
    {
        var start = 0;
        for (var part = 1; ; part++)
        {
            var end = delimiter == '\0' ? -1 : raw.IndexOf(delimiter, start);
            if (part == number)
                return end < 0 ? raw[start..] : raw[start..end];
            if (end < 0)
                return "";
            start = end + 1;
        }
    }

    public override string ToString() => nameof(Field);
}

/// <summary>Where a value stands, such as <c>PV1-19.1</c>; the component is 1 where none is named.</summary>
internal readonly record struct FieldPath(string Segment, int Field, int Component)
{
    public static FieldPath? Read(string text)
    {
        var parts = text.Split('-', '.');
        return
            parts.Length is 2 or 3
            && parts[0].Length == 3
            && parts[0].All(char.IsAsciiLetterOrDigit)
            && int.TryParse(parts[1], out var field)
            && field > 0
            && int.TryParse(parts.Length == 3 ? parts[2] : "1", out var component)
            && component > 0
            ? new FieldPath(parts[0].ToUpperInvariant(), field, component)
            : null;
    }

    public override string ToString() => Component == 1 ? $"{Segment}-{Field}" : $"{Segment}-{Field}.{Component}";
}
