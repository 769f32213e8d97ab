using AnyAscii;

namespace Safeguarding.Matching.Rules.Traits;

/// <summary>A column of a file that encounters and plans do not have, made ready for comparison.</summary>
/// <param name="Trait">Which, as named in the parameters.</param>
/// <param name="Text">The whole value, letters and digits only, upper case.</param>
/// <param name="Words">Its words.</param>
public sealed record FurtherTrait(string Trait, string Text, IReadOnlyList<string> Words)
{
    private static readonly HashSet<string> NoValues =
    [
        "NA",
        "NONE",
        "NULL",
        "NIL",
        "UNKNOWN",
        "UNK",
        "NAN",
        "NOTKNOWN",
    ];

    /// <summary>Reads a value; null where nothing is left.</summary>
    public static FurtherTrait? From(string trait, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return null;
        var words = new string(
            Array.ConvertAll(value.Transliterate().ToCharArray(), letter => char.IsAsciiLetterOrDigit(letter)
                    ? char.ToUpperInvariant(letter)
                : letter is '\'' ? '\u0001'
                : ' ')
        )
            .Replace("\u0001", "", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var text = string.Concat(words);
        return text.Length == 0 || NoValues.Contains(text) ? null : new(trait, text, words);
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(FurtherTrait);
}
