namespace Safeguarding.Matching.Rules.Names;

/// <summary>
/// The consonants of a word, doubles made single: MOHAMMED, MUHAMMAD and محمد (transliterated <c>mhmd</c>) are all
/// <c>MHMD</c>.
/// </summary>
internal static class ConsonantKey
{
    public static string Of(string word)
    {
        Span<char> kept = stackalloc char[Math.Min(word.Length, 64)];
        var length = 0;
        foreach (var letter in word)
        {
            if (letter is 'A' or 'E' or 'I' or 'O' or 'U' || length == kept.Length)
                continue;
            if (length == 0 || kept[length - 1] != letter)
                kept[length++] = letter;
        }

        // A name of vowels only ("Aoi") would otherwise have no key.
        return length == 0 ? word : kept[..length].ToString();
    }
}
