namespace Safeguarding.Matching.Rules.Names;

/// <summary>Takes out what systems write where a name is not known: "Baby of …", "Twin 1", titles, "Unknown".</summary>
internal static class PlaceholderNames
{
    private static readonly HashSet<string> Always =
    [
        "BABY",
        "BABYBOY",
        "BABYGIRL",
        "BB",
        "BBY",
        "BG",
        "INFANT",
        "NEWBORN",
        "NEONATE",
        "TWIN",
        "TWIN1",
        "TWIN2",
        "TRIPLET",
        "UNKNOWN",
        "UNK",
        "NK",
        "UNNAMED",
        "NOTKNOWN",
        "NONE",
        "NULL",
        "NIL",
        "ANON",
        "ANONYMOUS",
        "UNBORN",
        "FOETUS",
        "FETUS",
        "MR",
        "MRS",
        "MISS",
        "MSTR",
        "MST",
        "MX",
        "DR",
        "PROF",
        "REV",
        "SIR",
        "AKA",
        "DECEASED",
    ];

    // Each of these is somebody's name or initial, so they go only beside a word above, or when nothing else is there.
    private static readonly HashSet<string> BesideThem =
    [
        "BOY",
        "GIRL",
        "MALE",
        "FEMALE",
        "ONE",
        "TWO",
        "THREE",
        "A",
        "B",
        "C",
        "I",
        "II",
        "III",
        "OF",
        "MASTER",
        "MS",
        "NOT",
        "KNOWN",
        "AS",
        "NAME",
        "YET",
        "CHILD",
        "TO",
        "BE",
        "CONFIRMED",
        "GIVEN",
        "THE",
    ];

    // A child's only given name is none of these, but a family may be called Child, Boy or Master.
    private static readonly HashSet<string> NoGivenName =
    [
        "BOY",
        "GIRL",
        "MALE",
        "FEMALE",
        "CHILD",
        "NOT",
        "KNOWN",
        "NAME",
        "YET",
    ];

    public static void Blank(List<string> words, bool given)
    {
        words.RemoveAll(static word => word.Length == 0 || IsDigits(word));
        var found = words.RemoveAll(Always.Contains);
        if (found > 0 || (given && words.TrueForAll(NoGivenName.Contains)))
            words.RemoveAll(BesideThem.Contains);
    }

    private static bool IsDigits(string word) => word.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
