namespace Safeguarding.Portal.SignIn;

/// <summary>
/// A request that a page makes of itself to be up to date: it shows nothing that was not on the screen, and keeps
/// nobody signed in.
/// </summary>
internal static class BackgroundRequest
{
    /// <summary>How the portal's script marks its requests.</summary>
    private const string Header = "Portal-Background";

    /// <summary>How a page without scripts does that loads itself again.</summary>
    public const string Query = "live";

    public static bool Is(HttpRequest request) =>
        request.Headers.ContainsKey(Header) || request.Query.ContainsKey(Query);
}
