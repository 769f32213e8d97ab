using Safeguarding.Contracts;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>
/// The council's own reference of a plan: stands in URLs and reports, so it must not be personal
/// data.
/// </summary>
internal static class PlanReference
{
    public const int Longest = 64;

    public static string? Read(string? raw, ValidationErrors faults)
    {
        var text = TypedText.Value(raw);
        if (string.IsNullOrEmpty(text))
        {
            faults.Add(
                PlanField.Reference,
                "reference-missing",
                "Every plan needs your own reference, so that it can be amended and ended later."
            );
            return null;
        }

        if (text.Length > Longest || !char.IsAsciiLetterOrDigit(text[0]) || !text.All(IsAllowed))
        {
            faults.Add(
                PlanField.Reference,
                "reference-format",
                $"A reference has at most {Longest} characters: letters A to Z, digits and . _ - : / only, and "
                    + "begins with a letter or digit."
            );
            return null;
        }

        // References stand in URLs and in plain columns, where no NHS number may ever be.
        if (!NhsNumber.TryParse(text, out _))
            return text;
        faults.Add(
            PlanField.Reference,
            "reference-is-nhs-number",
            "This reads as an NHS number. Use a reference of your own that identifies the plan and nobody else knows."
        );
        return null;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '/';
}
