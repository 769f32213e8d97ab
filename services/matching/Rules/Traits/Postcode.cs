namespace Safeguarding.Matching.Rules.Traits;

/// <summary>A postcode in one form, with the parts by which neighbours agree.</summary>
/// <param name="Text">Letters and digits only, upper case.</param>
/// <param name="Outcode">The part before the gap in the United Kingdom; elsewhere the first half.</param>
/// <param name="Former">True where the person no longer lives there.</param>
public sealed record Postcode(string Text, string Outcode, bool Former)
{
    private const int InwardLength = 3;

    /// <summary>
    /// Reads a postcode of any country; null where nothing is left, or where it stands for "none" (ZZ99
    /// …).
    /// </summary>
    public static Postcode? From(string? text, bool former = false)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        Span<char> kept = stackalloc char[Math.Min(text.Length, 16)];
        var length = 0;
        foreach (var letter in text)
        {
            if (char.IsAsciiLetterOrDigit(letter) && length < kept.Length)
                kept[length++] = char.ToUpperInvariant(letter);
        }

        // ZZ99 is the pseudo postcode of "no fixed abode" and of visitors from abroad: sharing it says nothing.
        if (length < 3 || kept[..length].StartsWith("ZZ99"))
            return null;
        if (IsBritish(kept[..length]))
        {
            Correct(kept[(length - InwardLength)..length]);
            return new Postcode(kept[..length].ToString(), kept[..(length - InwardLength)].ToString(), former);
        }

        return new Postcode(kept[..length].ToString(), kept[..((length + 1) / 2)].ToString(), former);
    }

    /// <summary>The letters that it begins with.</summary>
    public ReadOnlySpan<char> Area =>
        Outcode.AsSpan() is var outcode && outcode.IndexOfAnyInRange('0', '9') is > 0 and var digit
            ? outcode[..digit]
            : outcode;

    /// <summary>The outcode and the first inward digit.</summary>
    public ReadOnlySpan<char> Sector => Text.AsSpan(0, Math.Min(Outcode.Length + 1, Text.Length));

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(Postcode);

    // The inward part is a digit and two letters; O for 0 and I for 1 (and the reverse) are what keyboards make of
    // them.
    private static bool IsBritish(ReadOnlySpan<char> text) =>
        text.Length is >= 5 and <= 7
        && char.IsAsciiLetter(text[0])
        && (char.IsAsciiDigit(text[^3]) || text[^3] is 'O' or 'I')
        && (char.IsAsciiLetter(text[^2]) || text[^2] is '0' or '1')
        && (char.IsAsciiLetter(text[^1]) || text[^1] is '0' or '1');

    private static void Correct(Span<char> inward)
    {
        inward[0] = inward[0] switch
        {
            'O' => '0',
            'I' => '1',
            var digit => digit,
        };
        for (var i = 1; i < inward.Length; i++)
        {
            inward[i] = inward[i] switch
            {
                '0' => 'O',
                '1' => 'I',
                var letter => letter,
            };
        }
    }
}
