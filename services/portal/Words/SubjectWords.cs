using System.Text;
using Safeguarding.Hosting.SubjectAccess;

namespace Safeguarding.Portal.Words;

/// <summary>What the answer to a person who asks says, in words.</summary>
internal static class SubjectWords
{
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
