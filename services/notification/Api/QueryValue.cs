using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Notification.Api;

/// <summary>Enum values in query strings, written as they are in JSON.</summary>
internal static class QueryValue
{
    /// <returns>Null where the text is absent or one of the names.</returns>
    public static ProblemHttpResult? Read<TEnum>(string field, string? text, out TEnum? value)
        where TEnum : struct, Enum
    {
        value = null;
        if (text is null)
            return null;
        foreach (var member in Enum.GetValues<TEnum>())
        {
            if (!member.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                continue;
            value = member;
            return null;
        }
        return Refusal.Problem(
            StatusCodes.Status400BadRequest,
            $"{field}-unknown",
            $"{field} must be one of {Words<TEnum>()}.",
            new FieldError(field, $"must be one of {Words<TEnum>()}")
        );
    }

    private static string Words<TEnum>()
        where TEnum : struct, Enum =>
        string.Join(", ", Enum.GetNames<TEnum>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName));
}
