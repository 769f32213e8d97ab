using System.Text;
using AnyAscii;

namespace Safeguarding.Matching.Rules.Names;

/// <summary>A name as the words it is compared by: transliterated, upper case A to Z, non-names blanked.</summary>
/// <param name="Joined">The words run together, so that <c>SMITH-JONES</c> and <c>Smithjones</c> are one.</param>
/// <param name="Words">The words in order.</param>
/// <param name="ConsonantKeys">The consonant key of each word.</param>
/// <param name="PhoneticKeys">The phonetic key of each word.</param>
public sealed record NameWords(
    string Joined,
    IReadOnlyList<string> Words,
    IReadOnlyList<string> ConsonantKeys,
    IReadOnlyList<string> PhoneticKeys
)
{
    /// <summary>No name at all.</summary>
    public static readonly NameWords None = new("", [], [], []);

    /// <summary>
    /// The given name that is in use, by which one child of a family is told from another: the first that is not borne
    /// by many of them (Mohammed, Syed, Kaur), with all its parts (Lilly-Rose). Null where there is none, and for
    /// family names.
    /// </summary>
    public string? InUse { get; init; }

    /// <summary>Where the name in use begins among <see cref="Words"/>; 0 where there is none.</summary>
    public int InUseAt { get; init; }

    /// <summary>How many words are the name in use; 1 where there is none.</summary>
    public int InUseLength { get; init; } = 1;

    /// <summary>True where nothing is left to compare.</summary>
    public bool IsEmpty => Words.Count == 0;

    /// <summary>Reads one or several given names.</summary>
    public static NameWords FromGiven(params IEnumerable<string?> names) => FromGiven(names, out _);

    /// <summary>The same, and what a newborn's temporary name says.</summary>
    internal static NameWords FromGiven(IEnumerable<string?> names, out TemporaryName temporary)
    {
        var (words, hyphens) = (new List<string>(4), new List<string>());
        foreach (var name in names)
        {
            if (!string.IsNullOrWhiteSpace(name))
                Split(name, words, hyphens);
        }

        temporary = TemporaryName.Take(words);
        PlaceholderNames.Blank(words, given: true);
        if (words.Count == 0)
            return None;
        return Of(words).WithNameInUse(words, hyphens);
    }

    /// <summary>Reads a family name.</summary>
    public static NameWords FromFamily(string? name)
    {
        var words = new List<string>(4);
        if (!string.IsNullOrWhiteSpace(name))
            Split(name, words, null);
        PlaceholderNames.Blank(words, given: false);
        if (words.Count == 0)
            return None;
        var joined = string.Concat(words);
        Articles.Join(words);
        return Of(words) with { Joined = joined };
    }

    /// <summary>A family name read as the given names that were written into its box.</summary>
    internal NameWords AsGiven() => WithNameInUse([.. Words], []);

    private NameWords WithNameInUse(List<string> words, List<string> hyphens)
    {
        var (at, length) = NamesInUse.Find(words, hyphens);
        return this with
        {
            InUse = at < 0 ? null : string.Concat(words.Skip(at).Take(length)),
            InUseAt = Math.Max(at, 0),
            InUseLength = at < 0 ? 1 : length,
        };
    }

    private static NameWords Of(List<string> words) =>
        new(string.Concat(words), words, [.. words.Select(ConsonantKey.Of)], [.. words.Select(PhoneticKey.Of)]);

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(NameWords);

    // Words that a hyphen joins to the one before are noted: Lilly-Rose is one name, Lilly Rose may be two.
    private static void Split(string name, List<string> words, List<string>? hyphens)
    {
        var ascii = Ascii.IsValid(name) ? name : name.Normalize(NormalizationForm.FormC).Transliterate();
        Span<char> word = stackalloc char[Math.Min(ascii.Length, 128)];
        var length = 0;
        var hyphened = false;
        foreach (var letter in ascii)
        {
            // O'Brien and D’Souza are one word; digits stay so that "Twin 1" is recognised.
            if (char.IsAsciiLetterOrDigit(letter))
            {
                if (length < word.Length)
                    word[length++] = char.ToUpperInvariant(letter);
            }
            else if (letter is not ('\'' or '`' or '.'))
            {
                End(word[..length], words, hyphens, hyphened);
                hyphened = letter == '-' && (length > 0 || hyphened);
                length = 0;
            }
        }

        End(word[..length], words, hyphens, hyphened);
    }

    private static void End(ReadOnlySpan<char> word, List<string> words, List<string>? hyphens, bool hyphened)
    {
        if (word.IsEmpty)
            return;
        words.Add(word.ToString());
        if (hyphened)
            hyphens?.Add(words[^1]);
    }
}
