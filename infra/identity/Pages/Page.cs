using System.Net.Mime;
using System.Text.Encodings.Web;
using Safeguarding.Identity.Clients;

namespace Safeguarding.Identity.Pages;

/// <summary>
/// A page for a person at a browser: HTML made here, no script, and a policy under which a browser would run none.
/// </summary>
internal static class Page
{
    public const string StylePath = $"{Paths.SignIn}/style.css";

    private const string Style = """
        :root { color-scheme: light dark; }
        body { font: 19px/1.4 sans-serif; margin: 2em 0; color: #0b0c0c; background: #fff; }
        main { max-width: 42em; margin: auto; padding: 0 1em; overflow-wrap: anywhere; }
        button { font: inherit; margin: .2em 0; padding: .4em .8em; }
        .warning { border-left: 8px solid #f47738; padding: .2em 1em; }
        @media (prefers-color-scheme: dark) { body { color: #f3f3f3; background: #16191c; } }
        """;

    public static void MapStyle(IEndpointRouteBuilder app) => app.MapGet(StylePath, (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=86400";
            return TypedResults.Text(Style, "text/css");
        });

    /// <summary>Writes it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="title">Its heading too.</param>
    /// <param name="body">HTML of paragraphs and forms; texts in it are escaped by <see cref="Text"/>.</param>
    /// <param name="status">HTTP status.</param>
    public static IResult Show(HttpContext context, string title, string body, int status = StatusCodes.Status200OK)
    {
        // A browser holds form-action against where a form's answer redirects to as well, and signing in ends there.
        var applications = context
            .RequestServices.GetRequiredService<ClientRegister>()
            .All.SelectMany(client => client.RedirectUris)
            .Select(uri => new Uri(uri).GetLeftPart(UriPartial.Authority))
            .Distinct();
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; form-action 'self' {string.Join(' ', applications)}; "
            + "base-uri 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        return Results.Text(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>{Text(title)}</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="stylesheet" href="{StylePath}">
            </head>
            <body>
            <main>
            <h1>{Text(title)}</h1>
            {body}
            </main>
            </body>
            </html>
            """,
            MediaTypeNames.Text.Html,
            statusCode: status
        );
    }

    public static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
