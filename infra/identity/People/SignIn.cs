using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using Safeguarding.Hosting.Access;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Safeguarding.Identity.People;

/// <summary>
/// What identity keeps between the provider's answer and the application's code: a cookie of five minutes, for one
/// authorization request. It is not a session: who comes with another request is sent to the provider again.
/// </summary>
/// <param name="Subject">Opaque.</param>
/// <param name="Name">For the application's screen.</param>
/// <param name="Assurance">How surely.</param>
/// <param name="AuthenticatedAt">When.</param>
/// <param name="Rules">Which of the rules let the person in; one after a choice.</param>
internal sealed record SignIn(
    string Subject,
    string? Name,
    AssuranceLevel Assurance,
    DateTimeOffset AuthenticatedAt,
    IReadOnlyList<string> Rules
)
{
    public const string Scheme = "signin";
    public const string RuleClaim = "rule";
    public const string SessionClaim = "sid";
    private const string For = "for";

    /// <summary>The sign-in that the browser has for this request; null where it has none.</summary>
    public static async Task<SignIn?> OfAsync(HttpContext context, string request)
    {
        var kept = await context.AuthenticateAsync(Scheme);
        return kept is { Succeeded: true } && kept.Properties.Items[For] == request ? Read(kept.Principal) : null;
    }

    /// <summary>The sign-in that the browser has, and the request that it is for.</summary>
    public static async Task<(SignIn SignIn, string Request)?> LastAsync(HttpContext context)
    {
        var kept = await context.AuthenticateAsync(Scheme);
        return kept is { Succeeded: true } ? (Read(kept.Principal), kept.Properties.Items[For]!) : null;
    }

    public Task KeepAsync(HttpContext context, string request) =>
        context.SignInAsync(
            Scheme,
            new ClaimsPrincipal(new ClaimsIdentity(Written(), Scheme)),
            new AuthenticationProperties { Items = { [For] = request } }
        );

    private IEnumerable<Claim> Written() =>
        [
            new(Claims.Subject, Subject),
            new(Claims.Name, Name ?? ""),
            new(Claims.AuthenticationContextReference, ((int)Assurance).ToString(CultureInfo.InvariantCulture)),
            new(Claims.AuthenticationTime, AuthenticatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            .. Rules.Select(rule => new Claim(RuleClaim, rule)),
        ];

    private static SignIn Read(ClaimsPrincipal kept) =>
        new(
            kept.GetClaim(Claims.Subject)!,
            kept.GetClaim(Claims.Name),
            (AssuranceLevel)
                int.Parse(kept.GetClaim(Claims.AuthenticationContextReference)!, CultureInfo.InvariantCulture),
            DateTimeOffset.FromUnixTimeSeconds(
                long.Parse(kept.GetClaim(Claims.AuthenticationTime)!, CultureInfo.InvariantCulture)
            ),
            [.. kept.GetClaims(RuleClaim)]
        );
}
