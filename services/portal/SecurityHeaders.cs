namespace Safeguarding.Portal;

/// <summary>
/// What every page says to the browser. Only the portal's own script file runs, and nothing comes from elsewhere.
/// </summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this WebApplication app)
    {
        // A form's answer may send the browser to identity: signing in and out begin with one.
        var identity = new Uri(app.Configuration["Identity:Issuers:0:Issuer"]!).GetLeftPart(UriPartial.Authority);
        var policy =
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
            + $"form-action 'self' {identity}; base-uri 'none'; frame-ancestors 'none'";
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    var headers = context.Response.Headers;
                    headers.ContentSecurityPolicy = policy;
                    headers["Referrer-Policy"] = "no-referrer";
                    headers["Cross-Origin-Opener-Policy"] = "same-origin";
                    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
                    headers.XFrameOptions = "DENY";
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
    }
}
