using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>What a person of the council writes to an alert.</summary>
internal static class WrittenText
{
    private const int Longest = 1000;

    /// <returns>Null where it will do; the text then has no blanks around it and is null where there is none.</returns>
    public static ProblemHttpResult? Read(string? text, bool required, out string? read)
    {
        read = string.IsNullOrWhiteSpace(text) ? null : text.Trim();
        if (read is null)
        {
            return required
                ? Refusal.Problem(
                    StatusCodes.Status400BadRequest,
                    "text-missing",
                    "text must say something.",
                    new FieldError("text", "is missing")
                )
                : null;
        }

        return read.Length <= Longest && TextProfile.Lines.Allows(read)
            ? null
            : Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "text-unusable",
                "text must be at most 1000 characters, without control characters other than line breaks and tabs.",
                new FieldError("text", "at most 1000 characters")
            );
    }
}
