using System.Text.RegularExpressions;

namespace Safeguarding.Matching.Rules.Names;

/// <summary>
/// Names that one tradition spells in another way: Cabdi and Abdi, Xasan and Hassan, Cheung and Zhang. Which words are
/// one name is listed (<c>spellings.txt</c>), not guessed from letters: Carl is not Arl.
/// </summary>
internal sealed partial class Spellings
{
    private readonly Dictionary<string, List<string[]>> _linesOf = [];

    private Spellings(params ReadOnlySpan<string> traditions)
    {
        var counts = false;
        foreach (var line in NameLines.Read("spellings.txt"))
        {
            if (line[0][0] == '[')
                counts = traditions.Contains(line[0].Trim('[', ']'));
            else if (counts)
                Add(line);
        }
    }

    /// <summary>Of given names.</summary>
    public static Spellings OfGiven { get; } = new("somali");

    /// <summary>Of family names.</summary>
    public static Spellings OfFamily { get; } = new("somali", "chinese");

    /// <summary>True where both words are one name.</summary>
    public bool Agree(string left, string right)
    {
        if (!_linesOf.TryGetValue(left, out var ours) || !_linesOf.TryGetValue(right, out var theirs))
            return false;
        foreach (var line in ours)
        {
            if (theirs.Contains(line))
                return true;
        }

        return false;
    }

    /// <summary>The other spellings of a word, by which it is looked for.</summary>
    public IEnumerable<string> OthersOf(string word) =>
        _linesOf.TryGetValue(word, out var lines)
            ? lines.SelectMany(line => line).Distinct().Where(other => other != word)
            : [];

    // A long vowel is written double by some and single by others; the character at the end is for the reader.
    private void Add(string[] line)
    {
        string[] words =
        [
            .. line.Where(word => char.IsAscii(word[0]))
                .SelectMany(word => new[] { word, LongVowel().Replace(word, "$1") })
                .Distinct(),
        ];
        foreach (var word in words)
        {
            if (!_linesOf.TryGetValue(word, out var lines))
                _linesOf[word] = lines = [];
            lines.Add(words);
        }
    }

    [GeneratedRegex(@"([AIU])\1")]
    private static partial Regex LongVowel();
}
