using System.Globalization;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// Which texts may be kept. One NUL in a name would be refused by the database long after the sender was told
/// 201.
/// </summary>
internal static class StoredText
{
    // Vietnamese and Yoruba need two marks on a letter; a fifth is a flood.
    private const int MarksInARow = 4;

    public static bool IsAllowed(string text)
    {
        var marks = 0;
        foreach (var character in text)
        {
            if (character is >= ' ' and < '\u007F')
            {
                marks = 0;
                continue;
            }

            switch (char.GetUnicodeCategory(character))
            {
                case UnicodeCategory.Control when character is not ('\t' or '\n' or '\r'):
                    return false;
                // Overrides and isolates make one name look like another; the joiners U+200C and U+200D are part of
                // real names.
                case UnicodeCategory.Format when character is not ('\u200C' or '\u200D' or '\u00AD' or '\uFEFF'):
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
