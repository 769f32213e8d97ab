using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.People;

/// <summary>Whose claims the rules read, because they say the same things by different names.</summary>
internal enum ProviderKind
{
    /// <summary>NHS Care Identity Service 2.</summary>
    [JsonStringEnumMemberName("cis2")]
    Cis2,

    /// <summary>Microsoft Entra ID, of one tenant.</summary>
    [JsonStringEnumMemberName("entra")]
    Entra,

    /// <summary>Any OpenID Connect issuer that sends <c>acr</c> and <c>auth_time</c>.</summary>
    [JsonStringEnumMemberName("oidc")]
    Oidc,
}

/// <summary>An outside provider that people sign in with.</summary>
/// <param name="Id">The name of its file; first part of the subjects of its people.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">Whose claims.</param>
/// <param name="Issuer">Whose tokens.</param>
/// <param name="ClientId">What the hub is called there.</param>
internal sealed record Provider(string Id, string Name, ProviderKind Kind, Uri Issuer, string ClientId)
{
    public SigningCredentials? Key { get; init; }

    public string? Secret { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Of kind <c>oidc</c>: what its <c>acr</c> are worth.</summary>
    public required IReadOnlyDictionary<string, AssuranceLevel> Assurance { get; init; }

    public required IReadOnlyList<Rule> Rules { get; init; }

    /// <summary>Where it sends people back to. One of its own, so that no provider answers for another.</summary>
    public string CallbackPath => $"{Paths.SignIn}/{Id}";

    /// <summary>The tenant of an Entra issuer; null where it names none, or all.</summary>
    public static string? TenantOf(Uri issuer) =>
        issuer.Segments is ["/", var tenant, "v2.0"] && Guid.TryParse(tenant.TrimEnd('/'), out var id)
            ? id.ToString()
            : null;
}

/// <summary>What makes somebody something here.</summary>
/// <param name="Provider">Id of the provider.</param>
/// <param name="Organisation">For which the person may act.</param>
/// <param name="Role">As what.</param>
/// <param name="When">Claims, and the value that each must have among its values.</param>
internal sealed record Rule(string Provider, string Organisation, string Role, IReadOnlyDictionary<string, string> When)
{
    /// <summary>The same as long as the rule says the same.</summary>
    public string Fingerprint { get; } =
        Convert.ToHexStringLower(
            SHA256.HashData(
                JsonSerializer.SerializeToUtf8Bytes(
                    new
                    {
                        Provider,
                        Organisation,
                        Role,
                        When,
                    }
                )
            )
        );

    /// <summary>The role in the roles file.</summary>
    public HubRole HubRole => HubRoles.Find(Role, OrganisationKinds.Of(Organisation)!.Value)!;
}
