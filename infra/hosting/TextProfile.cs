using System.Globalization;

namespace Safeguarding.Hosting;

/// <summary>
/// The characters that a text may hold. What hides, reorders or breaks the text around it is allowed nowhere; a NUL
/// would be refused by the database as well, long after the sender was answered.
/// </summary>
public sealed class TextProfile
{
    // The joiners belong to the spelling of names in several scripts.
    private const string Joiners = "\u200C\u200D";

    // Vietnamese and Yoruba need two marks on a letter; a fifth is a flood.
    private const int MarksInARow = 4;

    /// <summary>One line that a person or a council's file gives: a name, a postcode, a telephone number.</summary>
    public static readonly TextProfile Line = new(Joiners);

    /// <summary>What a person writes, over several lines.</summary>
    public static readonly TextProfile Lines = new($"{Joiners}\t\n\r");

    /// <summary>
    /// A field of a trust's message. Soft hyphens, byte order marks and separators come out of real systems and are
    /// harmless: no encounter is refused for them.
    /// </summary>
    public static readonly TextProfile Message = new($"{Joiners}\t\n\r\u00AD\uFEFF\u2028\u2029");

    private readonly string _also;

    private TextProfile(string also) => _also = also;

    /// <summary>Whether the text may be stored.</summary>
    /// <param name="text">The text as it came.</param>
    public bool Allows(string text)
    {
        var marks = 0;
        foreach (var character in text)
        {
            if (character is >= ' ' and < '\u007F' || _also.Contains(character, StringComparison.Ordinal))
            {
                marks = 0;
                continue;
            }

            switch (char.GetUnicodeCategory(character))
            {
                case UnicodeCategory.Control or UnicodeCategory.Format:
                case UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                case UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse:
                    return false;
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark:
                    if (++marks > MarksInARow)
                        return false;
                    break;
                default:
                    marks = 0;
                    break;
            }
        }

        return true;
    }
}
