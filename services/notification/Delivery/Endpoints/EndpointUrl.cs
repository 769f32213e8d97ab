namespace Safeguarding.Notification.Delivery.Endpoints;

/// <summary>
/// Which endpoint URLs a council may register. What their names resolve to is asked again at every
/// connection.
/// </summary>
internal static class EndpointUrl
{
    public const int LongestUrl = 2000;

    /// <summary>The ports behind which no mail server, database or shell listens.</summary>
    private static readonly int[] WebPorts = [443, 8443];

    /// <returns>Null where the URL will do, otherwise what is wrong with it.</returns>
    public static string? Validate(string? text, WebhookOptions options)
    {
        if (text is null || text.Length > LongestUrl || !Uri.TryCreate(text, UriKind.Absolute, out var url))
            return "must be an absolute URL of at most 2000 characters";
        var http = options.AllowHttp && url.Scheme == Uri.UriSchemeHttp;
        if (url.Scheme != Uri.UriSchemeHttps && !http)
            return "must begin with https://";
        if (url.UserInfo.Length > 0)
            return "must not hold a user name or password";
        if (url.Fragment.Length > 0)
            return "must not have a fragment";
        if (
            url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
            && !AddressGuard.Allows(System.Net.IPAddress.Parse(url.DnsSafeHost), options.AllowPrivateNetworks)
        )
        {
            return "must not name an address that the hub may not call";
        }

        if (!options.AllowPrivateNetworks && !http && !WebPorts.Contains(url.Port))
            return "must use port 443 or 8443";
        return null;
    }

    /// <summary>Scheme, host and port: what an attempt's record may say of an endpoint.</summary>
    public static string Shown(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);
}
