using System.Globalization;
using System.Net.Http.Headers;

namespace Safeguarding.Notification.Delivery.Endpoints;

/// <summary>
/// The header <c>Retry-After</c> (RFC 9110, 10.2.3): seconds or a date, of any size. What is neither, or is given twice
/// and differs, asks for nothing.
/// </summary>
internal static class RetryAfter
{
    // More digits than the longest wait has; the number itself may be larger than any type.
    private const int MostDigits = 9;

    /// <returns>Not yet capped to the longest wait that the schedule grants; null where nothing is asked
    /// for.</returns>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now) =>
        headers.NonValidated.TryGetValues("Retry-After", out var values)
        && values.Distinct(StringComparer.Ordinal).ToList() is [var value]
            ? Read(value, now)
            : null;

    public static TimeSpan? Read(string text, DateTimeOffset now)
    {
        text = text.Trim();
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            var digits = text.TrimStart('0');
            return digits.Length > MostDigits
                ? TimeSpan.MaxValue
                : TimeSpan.FromSeconds(int.Parse($"0{digits}", CultureInfo.InvariantCulture));
        }
        return RetryConditionHeaderValue.TryParse(text, out var header) && header.Date is { } date ? date - now : null;
    }
}
