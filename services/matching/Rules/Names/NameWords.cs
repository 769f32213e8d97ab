using System.Text;
using AnyAscii;

namespace Safeguarding.Matching.Rules.Names;

/// <summary>A name as the words it is compared by: transliterated, upper case A to Z, non-names blanked.</summary>
/// <param name="Joined">The words run together, so that <c>SMITH-JONES</c> and <c>Smithjones</c> are one.</param>
/// <param name="Words">The words in order.</param>
/// <param name="Skeletons">The consonant skeleton of each word.</param>
/// <param name="Sounds">The phonetic key of each word.</param>
public sealed record NameWords(string Joined, IReadOnlyList<string> Words, IReadOnlyList<string> Skeletons, IReadOnlyList<string> Sounds)
{
    /// <summary>No name at all.</summary>
    public static readonly NameWords None = new("", [], [], []);

    /// <summary>True where nothing is left to compare.</summary>
    public bool IsEmpty => Words.Count == 0;

    /// <summary>Reads a family name.</summary>
    public static NameWords FromFamily(string? name) => From([name], given: false);

    /// <summary>Reads one or several given names.</summary>
    public static NameWords FromGiven(params IEnumerable<string?> names) => From(names, given: true);

    private static NameWords From(IEnumerable<string?> names, bool given)
    {
        var words = new List<string>(4);
        foreach (var name in names)
        {
            if (!string.IsNullOrWhiteSpace(name))
                Split(name, words);
        }

        NonNames.Blank(words, given);
        return words.Count == 0
            ? None
            : new NameWords(string.Concat(words), words, [.. words.Select(Skeleton.Of)], [.. words.Select(Sound.Of)]);
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(NameWords);

    private static void Split(string name, List<string> words)
    {
        var ascii = Ascii.IsValid(name) ? name : name.Normalize(NormalizationForm.FormC).Transliterate();
        Span<char> word = stackalloc char[Math.Min(ascii.Length, 128)];
        var length = 0;
        foreach (var letter in ascii)
        {
            // O'Brien and D’Souza are one word; digits stay so that "Twin 1" is recognised.
            if (char.IsAsciiLetterOrDigit(letter))
            {
                if (length < word.Length)
                    word[length++] = char.ToUpperInvariant(letter);
            }
            else if (letter is not ('\'' or '`' or '.') && length > 0)
            {
                words.Add(word[..length].ToString());
                length = 0;
            }
        }

        if (length > 0)
            words.Add(word[..length].ToString());
    }
}
