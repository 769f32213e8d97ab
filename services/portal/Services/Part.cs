namespace Safeguarding.Portal.Services;

/// <summary>A part of a page, which may be missing while the rest is shown.</summary>
/// <param name="Value">What is shown; null where the service does not answer.</param>
/// <param name="Missing">What is missing, in words; null where nothing is.</param>
internal sealed record Part<T>(T? Value, string? Missing);

internal static class Part
{
    public static async Task<Part<T>> OfAsync<T>(Task<T> asked)
    {
        try
        {
            return new Part<T>(await asked, null);
        }
        catch (ServiceUnavailableException exception)
        {
            return new Part<T>(default, exception.Part);
        }
    }
}
