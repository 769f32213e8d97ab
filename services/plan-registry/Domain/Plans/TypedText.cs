using System.Globalization;
using System.Text;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>
/// What a cell holds once the traces of the program that wrote it are gone: spaces of every kind, invisible characters
/// at its ends, and what spreadsheets write so that a number stays text (<c>="9434765919"</c>, <c>'9434765919</c>).
/// </summary>
internal static class TypedText
{
    /// <summary>For every column, names too: nothing is taken away that a name could need.</summary>
    public static string? Cell(string? raw)
    {
        if (raw is null)
            return null;
        var text = Ends(raw);
        if (text is ['=', '"', .., '"'] && text.Length > 2)
            text = Ends(text[2..^1]);
        return text.Length == 0 ? null
            : text.Length == raw.Length ? raw
            : text.ToString();
    }

    /// <summary>For all but names, which may begin with an apostrophe.</summary>
    public static string? Value(string? raw) =>
        Cell(raw) is { } text
            ? text[0] is '\'' or '\u2018' or '\u2019' or '`'
                ? Cell(text[1..])
                : text
            : null;

    /// <summary>
    /// A number or a date: digits of every width are digits, and a run of spaces of any kind is one
    /// space.
    /// </summary>
    public static string? Compact(string? raw)
    {
        if (
            Value(raw) is not { } text
            || text.Length > 64
            || text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/')
        )
        {
            return Value(raw);
        }
        // Half a surrogate pair cannot be composed; it is no digit either.
        if (text.Any(char.IsSurrogate))
            return text;
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
        {
            if (char.IsWhiteSpace(c) || c == '\u2028')
                _ = plain.Length > 0 && plain[^1] != ' ' ? plain.Append(' ') : plain;
            else if (c == '\u2212' || char.GetUnicodeCategory(c) == UnicodeCategory.DashPunctuation)
                plain.Append('-');
            else if (char.GetUnicodeCategory(c) != UnicodeCategory.Format)
                plain.Append(c);
        }

        return plain.ToString().Trim();
    }

    private static ReadOnlySpan<char> Ends(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && IsNothing(text[0]))
            text = text[1..];
        while (text.Length > 0 && IsNothing(text[^1]))
            text = text[..^1];
        return text;
    }

    // White space, and what is not to be seen but for the joiners of some scripts and the marks that turn the direction
    // of text, which are refused.
    private static bool IsNothing(char c) =>
        char.IsWhiteSpace(c) || c is '\u200B' or '\u2060' or '\uFEFF' or '\u00AD' or '\u200E' or '\u200F';
}
