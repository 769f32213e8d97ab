using System.ComponentModel.DataAnnotations;

namespace Safeguarding.Identity;

/// <summary>
/// What the token endpoint needs to start (section <c>Identity</c>). A missing or wrong value stops the
/// start and is named.
/// </summary>
internal sealed class IdentityOptions : IValidatableObject
{
    public Uri? Issuer { get; init; }

    /// <summary>
    /// <c>Hub__PublicUrl</c>: where callers reach this service, if it is another address than the
    /// issuer's.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    public string Audience { get; init; } = "safeguarding-hub";

    [Required(ErrorMessage = "Identity__ClientsFile is missing: the JSON file of clients.")]
    public string ClientsFile { get; init; } = "";

    [Required(ErrorMessage = "Identity__KeysDirectory is missing: where the signing keys are kept.")]
    public string KeysDirectory { get; init; } = "";

    /// <summary>A JSON file for each outside provider that people sign in with; none where not set.</summary>
    public string? ProvidersDirectory { get; init; }

    /// <summary>Whether made-up people can be picked, without a password. Never in production.</summary>
    public bool DevelopmentProvider { get; init; }

    public bool AllowHttp { get; init; }

    public bool AllowClientSecrets { get; init; }

    /// <summary>
    /// Of one client from one address; a client needs one each ten minutes. An address has ten times as many for all
    /// its clients together.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "Identity__TokenRequestsPerMinute must be between 1 and 1000000.")]
    public int TokenRequestsPerMinute { get; init; } = 60;

    /// <summary>
    /// What a client may write in <c>aud</c>. Taken from the issuer, never from the Host header, which the
    /// sender chooses.
    /// </summary>
    public IReadOnlySet<string> AssertionAudiences() =>
        new HashSet<string>(StringComparer.Ordinal)
        {
            TokenUrl(),
            TokenUrlAt(Issuer!),
            Issuer!.AbsoluteUri,
            Issuer.AbsoluteUri.TrimEnd('/'),
        };

    public string TokenUrl() => TokenUrlAt(PublicUrl ?? Issuer!);

    /// <summary>An address that a browser or a client is given. It is a setting, never the Host header.</summary>
    /// <param name="path">Begins with a slash.</param>
    public string PublicUrlOf(string path) => $"{(PublicUrl ?? Issuer!).AbsoluteUri.TrimEnd('/')}{path}";

    private static string TokenUrlAt(Uri address) => $"{address.AbsoluteUri.TrimEnd('/')}{Paths.Token}";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (
            Issuer is not { IsAbsoluteUri: true }
            || Issuer is not { Query: "", Fragment: "", Scheme: "http" or "https" }
        )
        {
            yield return new ValidationResult(
                "Identity__Issuer must be an absolute http(s) address without query or fragment."
            );
        }
        else if (Issuer.Scheme == "http" && !AllowHttp)
        {
            yield return new ValidationResult("Identity__Issuer must be https unless Identity__AllowHttp is true.");
        }
    }
}

internal static class Paths
{
    public const string Token = "/connect/token";
    public const string Authorize = "/connect/authorize";
    public const string Push = "/connect/par";
    public const string EndSession = "/connect/endsession";
    public const string Revoke = "/connect/revoke";
    public const string SignIn = "/signin";
    public const string Choose = "/signin/choose";
    public const string Development = "/development";
    public const string Revocations = "/revocations";
    public const string Metadata = "/.well-known/openid-configuration";
    public const string KeySet = "/.well-known/jwks";
}
