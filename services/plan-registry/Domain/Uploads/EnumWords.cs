using System.Text.Json;

namespace Safeguarding.PlanRegistry.Domain.Uploads;

internal static class EnumWords
{
    /// <summary>As the routes write states and outcomes: <c>awaiting-confirmation</c>.</summary>
    public static string Kebab<T>(this T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
