using System.Buffers;
using System.Globalization;
using System.Text;

namespace Safeguarding.Contracts.Persons;

/// <summary>
/// Tells what systems and people write where a name is not known from a name. Two unknown children "TBC TBC" are not
/// one child, and a child registered so can never be found.
/// </summary>
/// <remarks>
/// A name must look like one: letters, a vowel in either box, more than one letter repeated, and not a word of a form.
/// "Baby", "Twin 1" and "Baby of Sarah" are temporary names of newborns and no placeholders: they are true of somebody.
/// </remarks>
public static class NamePlaceholders
{
    // Nobody is called so, wherever it stands.
    private static readonly HashSet<string> Always = Words(
        """
        UNKNOWN UNKN UNK UKN NOTKNOWN TBA TBD TBN FNU LNU NONE NULL NIL ANON ANONYMOUS UNNAMED NAMELESS UNIDENTIFIED UNDISCLOSED UNSPECIFIED
        UNRECORDED UNAVAILABLE UNCONFIRMED UNOBTAINABLE REFUSED DECLINED WITHHELD REDACTED CONFIDENTIAL RESTRICTED SENSITIVE PENDING
        FORENAME SURNAME FIRSTNAME LASTNAME FAMILYNAME GIVENNAME NOMEN NESCIO DUMMY DONOTUSE INVALID UNDEFINED BLANK QWERTY ASDF ASDFG ABCD XYZ
        INCONNU N/A N/K D/K TBC NFN NLN NMN DNK
        """
    );

    // Words of forms. Some are also somebody's name (Doe, Test, Patient, Boy, Na), so it takes two of them, or one
    // beside a word above.
    private static readonly HashSet<string> OfForms = Words(
        """
        NO NOT NA NAME NAMES FIRST LAST FAMILY GIVEN MIDDLE KNOWN STATED RECORDED PROVIDED AVAILABLE APPLICABLE DISCLOSED SUPPLIED OBTAINED ENTERED
        YET TO BE CONFIRMED ADVISED ANNOUNCED DECIDED DETERMINED NAMED FOLLOW AS AT ABOVE BELOW SEE NOTES RECORD RECORDS FILE ON IN THE OF USE DO
        DOES WISH WANT ASK TEST TESTING TESTER PATIENT PERSON CLIENT SUBJECT PUPIL CASE VISITOR ADULT CHILD CHILDREN
            YOUNG MALE FEMALE BOY GIRL
        MAN WOMAN SAMPLE EXAMPLE DEMO TRAINING TRAUMA TEMP TEMPORARY DELETE DELETED DUPLICATE ERROR MISSING EMPTY OTHER
            NEW REQUEST REQUESTED
        DOE BLOGGS
        """
    );

    private static readonly SearchValues<char> Vowels = SearchValues.Create("AEIOUYW");

    // Two-letter names of no vowel are known names or initials in use (JJ, TJ); these are not.
    private static readonly HashSet<string> Short = Words("NK NN XX ZZ YY QQ");

    private static readonly HashSet<string> NamesWithoutVowel = Words(
        "NG MD MHD MHMD MC ST SR JR HRH VLK SRB KRC SMRZ CHRPA BRZK"
    );

    private static readonly HashSet<string> Nobodys = Words("JOHN/DOE JANE/DOE JOE/BLOGGS FRED/BLOGGS AN/OTHER");

    /// <summary>True where one box of a name holds what is no name. Null and blank are none either.</summary>
    /// <param name="text">A family name, or one or several given names.</param>
    public static bool IsPlaceholder(string? text)
    {
        var words = Read(text, out var latin);
        return words.Count == 0 || (latin && IsNone(words));
    }

    /// <summary>
    /// True where no part of a name is one: both boxes hold placeholders, the same word, or together what
    /// nobody is called.
    /// </summary>
    /// <remarks>The same word in both boxes is also how some services write a person of one name; it says no more than
    /// one box does.</remarks>
    public static bool IsPlaceholder(PersonName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var given = string.Join(' ', name.Given);
        if (IsPlaceholder(name.Family) && IsPlaceholder(given))
            return true;
        var (families, givens) = (Read(name.Family, out var latinFamily), Read(given, out var latinGiven));
        if (families.Count == 0 || givens.Count == 0)
            return false;
        return IsSameWordTwice(name)
            || (
                latinFamily
                && latinGiven
                && (
                    (families.TrueForAll(IsOfForm) && givens.TrueForAll(IsOfForm))
                    || Nobodys.Contains($"{string.Concat(givens)}/{string.Concat(families)}")
                )
            );
    }

    /// <summary>True where family name and given name are one and the same word.</summary>
    public static bool IsSameWordTwice(PersonName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Read(name.Family, out _) is [var family]
            && Read(string.Join(' ', name.Given), out _) is [var given]
            && family == given;
    }

    private static bool IsNone(List<string> words) =>
        words.TrueForAll(IsAlwaysNone)
        || (words.TrueForAll(IsOfForm) && (words.Count > 1 || words.Exists(IsAlwaysNone)));

    private static bool IsOfForm(string word) => OfForms.Contains(word) || HasNoVowel(word) || IsAlwaysNone(word);

    private static bool IsAlwaysNone(string word) =>
        Always.Contains(word) || Short.Contains(word) || IsOneLetterRepeated(word) || IsRunTogether(word);

    private static bool IsOneLetterRepeated(string word) =>
        word.Length > 2 && word.AsSpan().IndexOfAnyExcept(word[0]) < 0;

    // By itself it may be a slip of a key: Mnh is Minh.
    private static bool HasNoVowel(string word) =>
        word.Length > 2 && word.AsSpan().IndexOfAny(Vowels) < 0 && !NamesWithoutVowel.Contains(word);

    // NOTSTATED, TESTPATIENT: two or more words of forms with the gap left out.
    private static bool IsRunTogether(string word)
    {
        if (word.Length < 6)
            return false;
        var reached = new int[word.Length + 1];
        reached[0] = 1;
        for (var end = 1; end <= word.Length; end++)
        {
            for (var start = 0; start < end; start++)
            {
                var part = word[start..end];
                if (reached[start] > 0 && (OfForms.Contains(part) || Always.Contains(part)))
                    reached[end] = Math.Max(reached[end], reached[start] + 1);
            }
        }

        return reached[word.Length] > 2;
    }

    // Words of A to Z without their marks. "N/A" is one; a name in another script is read as it is and never judged by
    // its vowels.
    private static List<string> Read(string? text, out bool latin)
    {
        latin = true;
        var words = new List<string>(3);
        if (string.IsNullOrWhiteSpace(text))
            return words;
        var word = new StringBuilder();
        foreach (var letter in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetter(letter) || letter == '/')
            {
                latin &= char.IsAscii(letter);
                word.Append(char.ToUpperInvariant(letter));
            }
            else if (
                letter is not ('.' or '\'' or '’' or '`')
                && CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark
            )
            {
                End();
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    private static HashSet<string> Words(string text) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
