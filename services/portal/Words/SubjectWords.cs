using System.Globalization;
using System.Text;
using Safeguarding.Hosting.SubjectAccess;

namespace Safeguarding.Portal.Words;

/// <summary>What the answer to a person who asks says, in words.</summary>
internal static class SubjectWords
{
    // Items that hold a word of the interfaces, not what somebody wrote.
    private static readonly HashSet<string> Codes = new(StringComparer.Ordinal)
    {
        "decidedBy",
        "grade",
        "kind",
        "outcome",
        "purpose",
        "setting",
        "state",
        "status",
        "verdict",
    };

    /// <summary>Of <c>mother.birthDate</c>: Mother, birth date.</summary>
    public static string Name(string item)
    {
        var words = new StringBuilder();
        foreach (var letter in item)
        {
            if (letter == '.')
                words.Append(", ");
            else if (char.IsUpper(letter))
                words.Append(' ').Append(char.ToLowerInvariant(letter));
            else
                words.Append(letter);
        }

        return ReviewWords.Capital(words.Replace("nhs number", "NHS number").ToString());
    }

    /// <summary>Of <c>look-up</c>: Look-up.</summary>
    public static string Kind(string kind) =>
        kind == "review-act" ? "What was done to the review" : ReviewWords.Capital(kind);

    /// <summary>A value as people say it: days and times by the clocks of London, codes in words.</summary>
    public static string Value(string name, string value) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? UkTimes.Date(day)
        : value.Length > 10
        && value[10] == 'T'
        && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? UkTimes.DateAndTime(at)
        : Codes.Contains(name) ? Name(value.Replace('-', ' '))
        : value;

    /// <summary>Why something is left out.</summary>
    public static string Why(string withheld) =>
        withheld switch
        {
            Withheld.Location => "it says where the person is or was",
            Withheld.Reporter => "it says who reported, looked or acted",
            Withheld.OtherPeople => "it is, or may be, about somebody else",
            _ => "the child is restricted, and nobody releases it here",
        };

    /// <summary>What a service holds.</summary>
    public static string Part(string service) =>
        service switch
        {
            "plan-registry" => "Plans and look-ups",
            "matching" => "Matches and reviews",
            _ => "Alerts",
        };
}
