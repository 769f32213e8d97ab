namespace Safeguarding.Matching.Rules.Names;

/// <summary>
/// A phonetic key for names from many languages written in English letters: Shaikh and Sheikh, Phillips and Filips,
/// Wojcik and Vojcik, Kaur and Cor sound alike. Finer than Soundex (no digit classes, no cut after four) and blind to
/// English spelling rules.
/// </summary>
internal static class PhoneticKey
{
    private const int Longest = 6;

    public static string Of(string word)
    {
        Span<char> key = stackalloc char[Longest];
        var length = 0;
        var last = '\0';
        for (var i = 0; i < word.Length && length < Longest; i++)
        {
            var next = i + 1 < word.Length ? word[i + 1] : '\0';
            var sound = OneOf(word[i], next, i == 0, ref i);
            if (sound != '\0' && (sound != last || sound == 'A'))
                key[length++] = sound;
            // A vowel between two equal consonants keeps them apart only in careful spelling: Hana, Hanna.
            if (sound != '\0')
                last = sound;
        }

        return key[..length].ToString();
    }

    private static char OneOf(char letter, char next, bool first, ref int i)
    {
        switch (letter)
        {
            case 'A' or 'E' or 'I' or 'O' or 'U':
                return first ? 'A' : '\0';
            case 'Y' or 'H' or 'W' when !first:
                return letter == 'W' && IsVowel(next) ? 'V' : '\0';
            case 'W' or 'V':
                return 'V';
            case 'P' when next == 'H':
                i++;
                return 'F';
            case 'C' when next is 'H' or 'Z':
                i++;
                return 'J';
            case 'S' when next is 'H' or 'Z' or 'C':
                i++;
                return 'S';
            case 'T' when next is 'S' or 'Z':
                i++;
                return 'S';
            case 'K' or 'G' or 'T' or 'D' or 'B' or 'J' when next == 'H':
                i++;
                return letter;
            case 'K' when first && next == 'N':
                i++;
                return 'N';
            case 'C' when next is 'E' or 'I' or 'Y':
                return 'S';
            case 'C' or 'Q':
                if (next == 'K')
                    i++;
                return 'K';
            case 'X':
                return first ? 'S' : 'K';
            case 'Z':
                return 'S';
            default:
                return letter;
        }
    }

    private static bool IsVowel(char letter) => letter is 'A' or 'E' or 'I' or 'O' or 'U' or 'Y';
}
