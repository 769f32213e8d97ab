using System.Globalization;

namespace Safeguarding.Matching.Rules.Names;

/// <summary>
/// What a unit writes for a newborn that has no name yet: "Twin 2 of Sarah", "Sarahsgirl1", "Baby A", "T1". It says
/// whose child it is and which of twins, and nothing of how the child is called.
/// </summary>
/// <param name="BirthOrder">First, second or later of twins; null where it does not say.</param>
/// <param name="MotherGiven">The mother's given name, upper case; null where it does not say.</param>
internal readonly record struct TemporaryName(int? BirthOrder, string? MotherGiven)
{
    private static readonly HashSet<string> OfNewborns =
    [
        "BABY",
        "BABYBOY",
        "BABYGIRL",
        "BABE",
        "BB",
        "BBY",
        "BG",
        "INFANT",
        "NEWBORN",
        "NEONATE",
        "TWIN",
        "TWINS",
        "TRIPLET",
        "TRIPLETS",
        "TRIP",
        "QUAD",
    ];

    private static readonly string[] OfSomebody =
    [
        "GIRLS",
        "GIRL",
        "BOYS",
        "BOY",
        "BABY",
        "INFANT",
        "DAUGHTER",
        "SON",
        "TWINS",
        "TWIN",
        "TRIPLET",
    ];

    // Beside a word of newborns only: each is somebody's name or initial.
    private static readonly HashSet<string> Beside = ["BOY", "GIRL", "MALE", "FEMALE", "LIVE", "THE"];

    // Female infant, male infant: the whole of a given name, or nothing.
    private static readonly HashSet<string> Whole = ["FI", "MI", "LFI", "LMI", "GIRL", "BOY", "MALE", "FEMALE"];

    /// <summary>Takes the words of a temporary name out of the words of given names, and reads them.</summary>
    public static TemporaryName Take(List<string> words)
    {
        Divide(words);
        if (words.Count == 1 && Whole.Contains(words[0]))
        {
            words.Clear();
            return default;
        }

        int? order = null;
        string? mother = null;
        var found =
            words.Count is 1 or 2 && words[0] == "T" && (words.Count == 1 ? null : DigitOf(words[1])) is not null;
        if (found)
            words.RemoveAt(0);
        found |= TakeSomebodys(words, ref mother);
        found |= words.RemoveAll(OfNewborns.Contains) > 0;
        if (!found && !(words.Count == 2 && OrdinalOf(words[0]) is not null && Whole.Contains(words[1])))
            return default;

        if (words.IndexOf("OF") is >= 0 and var of)
        {
            if (of + 1 < words.Count)
                mother ??= words[of + 1];
            words.RemoveRange(of, words.Count - of);
        }

        words.RemoveAll(Beside.Contains);
        for (var i = words.Count - 1; i >= 0; i--)
        {
            if (OrdinalOf(words[i]) is not { } place)
                continue;
            order ??= place;
            words.RemoveAt(i);
        }

        return new(order, mother);
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(TemporaryName);

    // "Sarahsgirl", "Sarahs Girl": the mother's name with the s of the genitive.
    private static bool TakeSomebodys(List<string> words, ref string? mother)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (i + 1 < words.Count && EndsInGenitive(words[i]) && Array.IndexOf(OfSomebody, words[i + 1]) >= 0)
            {
                mother = words[i][..^1];
                words.RemoveRange(i, 2);
                return true;
            }

            foreach (var kin in OfSomebody)
            {
                if (words[i].EndsWith(kin, StringComparison.Ordinal) && EndsInGenitive(words[i][..^kin.Length]))
                {
                    mother = words[i][..^(kin.Length + 1)];
                    words.RemoveAt(i);
                    return true;
                }
            }
        }

        return false;
    }

    private static bool EndsInGenitive(string word) => word.Length > 3 && word[^1] == 'S' && !OfNewborns.Contains(word);

    // TWIN1, 1KATHERINESGIRL and 2ND are a word and a number.
    private static void Divide(List<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            var digits = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
            if (digits > 0 && OrdinalOf(word) is null)
            {
                words[i] = word[..digits];
                words.Insert(i + 1, word[digits..]);
            }
            else if (digits == 0 && word.AsSpan().IndexOfAnyInRange('0', '9') is > 0 and var first)
            {
                words[i] = word[..first];
                words.Insert(i + 1, word[first..]);
            }
        }
    }

    private static int? DigitOf(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var digit) && digit is > 0 and < 7
            ? digit
            : null;

    private static int? OrdinalOf(string word) =>
        DigitOf(word)
        ?? word switch
        {
            "I" or "A" or "ONE" or "FIRST" or "1ST" => 1,
            "II" or "B" or "TWO" or "SECOND" or "2ND" => 2,
            "III" or "C" or "THREE" or "THIRD" or "3RD" => 3,
            "IV" or "D" or "FOUR" or "FOURTH" or "4TH" => 4,
            _ => null,
        };
}
