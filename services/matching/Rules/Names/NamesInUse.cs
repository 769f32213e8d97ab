namespace Safeguarding.Matching.Rules.Names;

/// <summary>Finds the given name in use among a child's given names.</summary>
internal static class NamesInUse
{
    // Titles, honours and names that brothers or sisters all bear before or after the one they are called by.
    private static readonly HashSet<string> BorneByMany =
    [
        "MOHAMMED",
        "MUHAMMAD",
        "MOHAMMAD",
        "MUHAMMED",
        "MOHAMED",
        "MOHAMAD",
        "MUHAMED",
        "MUHAMAD",
        "MOHAMMOD",
        "MUHAMMOD",
        "MOHAMUD",
        "MHMD",
        "MD",
        "MOHD",
        "MUHD",
        "MOHMD",
        "SYED",
        "SYEDA",
        "SAYED",
        "SAYYED",
        "SAYYID",
        "SAYEED",
        "SAYYIDA",
        "ABDUL",
        "ABDEL",
        "ABDAL",
        "ABD",
        "NOOR",
        "NUR",
        "NOUR",
        "BIBI",
        "BEGUM",
        "BEGAM",
        "KAUR",
        "SINGH",
        "MST",
        "MOSAMMAT",
        "MAXAMED",
        "MAXAMUUD",
        "MAXAMUD",
        "NUUR",
        "CABDUL",
    ];

    /// <summary>Where the name in use begins and of how many words it is; -1 where all are borne by many.</summary>
    /// <param name="words">The given names.</param>
    /// <param name="hyphened">Those that a hyphen joins to the one before.</param>
    public static (int At, int Length) Find(List<string> words, List<string> hyphened)
    {
        var at = words.FindIndex(word => !BorneByMany.Contains(word));
        if (at < 0)
            return (-1, 1);
        var length = 1;
        while (
            at + length < words.Count
            && hyphened.Contains(words[at + length])
            && !BorneByMany.Contains(words[at + length])
        )
        {
            length++;
        }

        return (at, length);
    }

    /// <summary>True of a name that brothers or sisters all bear.</summary>
    public static bool IsBorneByMany(string word) => BorneByMany.Contains(word);
}
