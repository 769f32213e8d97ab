using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Safeguarding.Hosting.Access;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Safeguarding.Identity.People;

/// <summary>What a provider says of a person, in the hub's words.</summary>
/// <param name="Subject">The same at each sign-in; of a person in a role, at CIS2.</param>
/// <param name="Name">For the screen only.</param>
/// <param name="Assurance">How surely they signed in.</param>
/// <param name="AuthenticatedAt">When they last showed who they are.</param>
/// <param name="Claims">What rules can ask for.</param>
/// <param name="OnlyOrganisation">The one organisation that the provider names; null where it names none.</param>
internal sealed record ProviderClaims(
    string Subject,
    string? Name,
    AssuranceLevel Assurance,
    DateTimeOffset AuthenticatedAt,
    ILookup<string, string> Claims,
    string? OnlyOrganisation
)
{
    private const int LowestIdentityAssurance = 3;
    private const int LongestSubject = 200;

    /// <summary>Reads them, from a token whose signature, issuer, audience and nonce have been checked.</summary>
    /// <exception cref="NotLetInException">Says what is missing, for the person to read.</exception>
    public static ProviderClaims Read(Provider provider, ClaimsPrincipal principal)
    {
        var claims = principal.Claims.ToLookup(claim => claim.Type, claim => claim.Value, StringComparer.Ordinal);
        if (
            !long.TryParse(One(claims, "auth_time"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > 253_402_300_799
        )
        {
            throw new NotLetInException($"{provider.Name} did not say when you signed in (auth_time).");
        }

        var read = provider.Kind switch
        {
            ProviderKind.Cis2 => OfCis2(claims),
            ProviderKind.Entra => OfEntra(provider, claims),
            _ => new ProviderClaims(
                Required(claims, "sub"),
                null,
                One(claims, "acr") is { } acr && provider.Assurance.TryGetValue(acr, out var level)
                    ? level
                    : AssuranceLevel.Aal1,
                default,
                claims,
                null
            ),
        };
        var subject = $"{provider.Id}|{read.Subject}";
        return subject.Length <= LongestSubject
            ? read with
            {
                Subject = subject,
                Name = One(claims, "name"),
                AuthenticatedAt = DateTimeOffset.FromUnixTimeSeconds(seconds),
            }
            : throw new NotLetInException("Your account's identifier is too long for the hub.");
    }

    private static ProviderClaims OfCis2(ILookup<string, string> claims)
    {
        if (Number(claims, "id_assurance_level") < LowestIdentityAssurance)
            throw new NotLetInException("Your NHS identity has not been verified to level 3.");
        var roles = claims["nhsid_nrbac_roles"].Select(Element).ToList();
        var selected = One(claims, "selected_roleid");
        // Nobody selected one: that is clear only where there is one.
        var found = selected is null ? roles : roles.FindAll(role => Text(role, "person_roleid") == selected);
        if (found is not [var role] || Text(role, "org_code") is not { } organisation)
            throw new NotLetInException("You have not selected a role at CIS2. Sign in again and select one.");
        return new ProviderClaims(
            $"{Required(claims, "nhsid_useruid")}|{Required(role, "person_roleid")}",
            null,
            Number(claims, "authentication_assurance_level") switch
            {
                >= 3 => AssuranceLevel.Aal3,
                2 => AssuranceLevel.Aal2,
                _ => AssuranceLevel.Aal1,
            },
            default,
            // Of the selected role alone: those of others are not acted in.
            Values(role).ToLookup(value => value.Claim, value => value.Value, StringComparer.Ordinal),
            organisation
        );
    }

    private static ProviderClaims OfEntra(Provider provider, ILookup<string, string> claims)
    {
        var tenant = Required(claims, "tid");
        if (!string.Equals(tenant, Provider.TenantOf(provider.Issuer), StringComparison.OrdinalIgnoreCase))
            throw new NotLetInException("Your account is of another tenant.");
        if (One(claims, "ver") != "2.0")
            throw new NotLetInException("The sign-in is not of version 2.0.");
        if (One(claims, "acct") == "1" || (One(claims, "idp") is { } idp && idp != provider.Issuer.AbsoluteUri))
            throw new NotLetInException("Your account is a guest of this tenant.");
        return new ProviderClaims(
            $"{tenant}|{Required(claims, "oid")}",
            null,
            claims["amr"].Contains("mfa") ? AssuranceLevel.Aal2 : AssuranceLevel.Aal1,
            default,
            claims,
            null
        );
    }

    private static string? One(ILookup<string, string> claims, string name) =>
        claims[name].Distinct().ToList() is [var only] ? only : null;

    private static string Required(ILookup<string, string> claims, string name) =>
        One(claims, name) is { Length: > 0 } value ? value : throw Missing(name);

    private static string Required(JsonElement element, string name) =>
        Text(element, name) is { Length: > 0 } value ? value : throw Missing(name);

    private static NotLetInException Missing(string name) => new($"Your provider did not send the claim {name}.");

    private static int Number(ILookup<string, string> claims, string name) =>
        int.TryParse(One(claims, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static JsonElement Element(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static IEnumerable<(string Claim, string Value)> Values(JsonElement role) =>
        from member in role.EnumerateObject()
        from value in member.Value.ValueKind == JsonValueKind.Array
            ? member.Value.EnumerateArray().ToArray()
            : [member.Value]
        where value.ValueKind == JsonValueKind.String
        select (member.Name, value.GetString()!);
}

/// <summary>Why somebody is not let in, for them to read.</summary>
internal sealed class NotLetInException(string message) : Exception(message);
