using System.Globalization;
using System.Text;

namespace Safeguarding.EncounterIngest.Hl7v2.Messages;

/// <summary>
/// How one message is written: its delimiters, from MSH-1 and MSH-2, and its character set. A delimiter that the
/// message does not name is NUL, which no text holds.
/// </summary>
internal sealed record Syntax(char Field, char Component, char Repeat, char Escape, char Sub, Encoding Charset)
{
    /// <summary>Reads the delimiters behind the name of a header segment; null where they are none.</summary>
    public static Syntax? Read(string header, Encoding charset)
    {
        if (header.Length < 5)
            return null;
        var field = header[3];
        var end = header.IndexOf(field, 4);
        var encoding = end < 0 ? header[4..] : header[4..end];
        // Some leave the escape character out: what is left in third place is then the subcomponent's.
        var (escape, sub) = encoding switch
        {
            [_, _, '&'] => ('\0', '&'),
            [_, _, var only] => (only, '\0'),
            [_, _, var both, var last, ..] => (both, last),
            _ => ('\0', '\0'),
        };
        var syntax = new Syntax(field, At(0), At(1), escape, sub, charset);
        char[] named =
        [
            .. new[] { field, syntax.Component, syntax.Repeat, escape, sub }.Where(delimiter => delimiter != '\0'),
        ];
        return
            encoding.Length > 0
            && named.Distinct().Count() == named.Length
            && Array.TrueForAll(named, delimiter =>
                delimiter is > ' ' and < '\u007F' && !char.IsAsciiLetterOrDigit(delimiter)
            )
            ? syntax
            : null;

        char At(int place) => encoding.Length > place ? encoding[place] : '\0';
    }

    /// <summary>
    /// A text without its escape sequences. A control character that comes out of one becomes a space, so that no
    /// sequence can make a segment; what is no known sequence stays as it is.
    /// </summary>
    public string Unescape(string raw)
    {
        if (Escape == '\0' || !raw.Contains(Escape, StringComparison.Ordinal))
            return raw;
        var text = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length; at++)
        {
            var end = raw[at] == Escape ? raw.IndexOf(Escape, at + 1) : -1;
            if (end > 0 && Meaning(raw[(at + 1)..end]) is { } meaning)
            {
                text.Append(meaning);
                at = end;
            }
            else
            {
                text.Append(raw[at]);
            }
        }

        return text.ToString();
    }

    private string? Meaning(string sequence) =>
        sequence switch
        {
            "F" => Field.ToString(),
            "S" => Component.ToString(),
            "T" => Sub == '\0' ? "&" : Sub.ToString(),
            "R" => Repeat.ToString(),
            "E" => Escape.ToString(),
            "H" or "N" => "",
            ".br" or ".sp" => " ",
            ['.', ..] when sequence.Length <= 8 => "",
            ['X', .. var hex] => Bytes(hex),
            ['C' or 'M' or 'Z', .. var rest] when rest.Length <= 8 && rest.All(char.IsAsciiLetterOrDigit) => "",
            _ => null,
        };

    private string? Bytes(string hex)
    {
        if (hex.Length is 0 or > 64 || hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit))
            return null;
        var text = new StringBuilder(Charset.GetString(Convert.FromHexString(hex)));
        for (var i = 0; i < text.Length; i++)
        {
            if (char.GetUnicodeCategory(text[i]) == UnicodeCategory.Control)
                text[i] = ' ';
        }

        return text.ToString();
    }
}
