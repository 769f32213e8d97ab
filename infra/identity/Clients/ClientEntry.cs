using System.Text.RegularExpressions;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.Clients;

/// <summary>One entry of the clients file, as written.</summary>
internal sealed partial record ClientEntry(
    string? Id,
    string? Organisation,
    List<string>? Scopes,
    List<string>? RedirectUris,
    List<string>? PostLogoutRedirectUris,
    KeySetEntry? Jwks,
    string? Secret,
    string? TokenErrors,
    bool Disabled
)
{
    /// <summary>As NHS England's API platform shapes them.</summary>
    public const string NhsErrors = "nhs";

    private const string StandardErrors = "rfc6749";
    private const int ShortestSecret = 16;

    public string? Validate()
    {
        if (Id is null || !IdShape().IsMatch(Id))
            return "\"id\" must be 1 to 64 letters, digits, dots, dashes or underscores.";
        if (Organisation is null || !OrganisationShape().IsMatch(Organisation))
            return "\"organisation\" must be an ODS, GSS or force code.";
        if (ValidateUse() is { } refused)
            return refused;
        if ((Jwks is null) == (Secret is null))
            return "it needs either \"jwks\" or \"secret\".";
        if (Secret is { Length: < ShortestSecret })
            return $"\"secret\" must have at least {ShortestSecret} characters.";
        if (TokenErrors is not (null or StandardErrors or NhsErrors))
            return $"\"tokenErrors\" must be \"{StandardErrors}\" or \"{NhsErrors}\".";
        return Jwks?.Validate();
    }

    private string? ValidateUse()
    {
        if (RedirectUris is null)
        {
            if (PostLogoutRedirectUris is not null)
                return "\"postLogoutRedirectUris\" is only for an application that people use (\"redirectUris\").";
            return Scopes is { Count: > 0 }
                ? HubRoles.WhyNotForSystem(Organisation!, Scopes)
                : "\"scopes\" must name at least one scope.";
        }

        if (Scopes is not null)
            return "it has \"redirectUris\": people sign in to it and bring their scopes, so \"scopes\" has no place.";
        if (OrganisationKinds.Of(Organisation!) is null)
            return HubRoles.WhyNotForSystem(Organisation!, []);
        return RedirectUris.Count == 0 || RedirectUris.Concat(PostLogoutRedirectUris ?? []).Any(uri => !IsRedirect(uri))
            ? "\"redirectUris\" and \"postLogoutRedirectUris\" must be https addresses (http at localhost), no fragment."
            : null;
    }

    private static bool IsRedirect(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex IdShape();

    [GeneratedRegex("^[A-Z0-9]{1,12}$", RegexOptions.CultureInvariant)]
    private static partial Regex OrganisationShape();
}
