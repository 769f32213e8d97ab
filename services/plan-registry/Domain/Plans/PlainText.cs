using System.Text;
using Safeguarding.Hosting;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>
/// Reads short text: trims, folds runs of white space, composes accents, and refuses what no name or number
/// needs.
/// </summary>
internal static class PlainText
{
    public static string? Read(string? raw, PlanField field, int longest, ValidationErrors errors)
    {
        if (string.IsNullOrWhiteSpace(raw))
            return null;
        if (raw.Length > longest * 4)
        {
            TooLong(field, longest, errors);
            return null;
        }

        if (!IsClean(raw, field, errors))
            return null;
        var text = Fold(raw).Normalize(NormalizationForm.FormC);
        if (text.Length <= longest)
            return text;
        TooLong(field, longest, errors);
        return null;
    }

    /// <summary>Adds an error and answers false where the text holds what could hide, reorder or break it.</summary>
    public static bool IsClean(string raw, PlanField? field, ValidationErrors errors)
    {
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c == '\uFFFD' || (char.IsSurrogate(c) && !IsPair(raw, ref i)))
            {
                errors.Add(
                    field,
                    "encoding",
                    "This is not valid UTF-8. Save the file as \"CSV UTF-8\" and send it again."
                );
                return false;
            }
        }

        if (TextProfile.Line.Allows(raw))
            return true;
        errors.Add(
            field,
            "control-character",
            "There is an invisible control or text-direction character in this field. Delete the field and type "
                + "it again."
        );
        return false;
    }

    private static bool IsPair(string raw, ref int i)
    {
        if (!char.IsHighSurrogate(raw[i]) || i + 1 >= raw.Length || !char.IsLowSurrogate(raw[i + 1]))
            return false;
        i++;
        return true;
    }

    private static string Fold(string raw)
    {
        var text = new StringBuilder(raw.Length);
        var gap = false;
        foreach (var c in raw)
        {
            if (char.IsWhiteSpace(c))
            {
                gap = text.Length > 0;
                continue;
            }

            if (gap)
                text.Append(' ');
            gap = false;
            text.Append(c);
        }

        return text.ToString();
    }

    private static void TooLong(PlanField field, int longest, ValidationErrors errors) =>
        errors.Add(field, "too-long", $"This is longer than {longest} characters.");
}
