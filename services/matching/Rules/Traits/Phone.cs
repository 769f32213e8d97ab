namespace Safeguarding.Matching.Rules.Traits;

/// <summary>Telephone numbers in one form.</summary>
internal static class Phone
{
    private const int Shortest = 6;
    private const int Kept = 10;

    /// <summary>
    /// The last ten digits, so that <c>+44 7700 900123</c> and <c>07700 900123</c> are one; null where too
    /// short.
    /// </summary>
    public static string? From(string text)
    {
        Span<char> digits = stackalloc char[Math.Min(text.Length, 32)];
        var length = 0;
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter) && length < digits.Length)
                digits[length++] = letter;
        }

        var kept = digits[..length].TrimStart('0');
        if (kept.Length > Kept)
            kept = kept[^Kept..];
        return kept.Length < Shortest || kept.IndexOfAnyExcept(kept[0]) < 0 ? null : kept.ToString();
    }
}
