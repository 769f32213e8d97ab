using Microsoft.AspNetCore.Http;

namespace Safeguarding.Hosting.Access;

/// <summary>What every answer says to caches and browsers between the hub and its caller (ASVS 5, chapter 3).</summary>
internal static class SecureHeaders
{
    private const string OneYear = "max-age=31536000; includeSubDomains";

    public static void Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        // Over http it would mean nothing: browsers ignore it there.
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = OneYear;
    }
}
