using Safeguarding.Identity.Clients;

namespace Safeguarding.Identity.Assertions;

/// <summary>
/// What the NHS and SMART Backend Services ask of an assertion, all but the signature and the single
/// use.
/// </summary>
internal static class AssertionRules
{
    /// <summary>How far two clocks may be apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(5);
    private static readonly string[] Types = ["JWT", "client-authentication+jwt"];

    /// <summary>The first fault; null when there is none.</summary>
    public static ClientFault? Validate(
        Assertion? assertion,
        Client? client,
        IdentityOptions settings,
        DateTimeOffset now
    ) =>
        assertion is null
            ? ClientFault.Malformed("The client_assertion is not a signed JWT.")
            : ValidateHeader(assertion)
                ?? ValidateClient(assertion, client, now)
                ?? ValidateClaims(assertion, settings, now);

    private static ClientFault? ValidateHeader(Assertion assertion)
    {
        if (assertion.Algorithm is null || !SigningAlgorithms.Accepted.Contains(assertion.Algorithm))
        {
            return ClientFault.Malformed(
                $"The 'alg' of the client_assertion must be one of {string.Join(", ", SigningAlgorithms.Accepted)}."
            );
        }

        if (assertion.Type is null || !Types.Contains(assertion.Type, StringComparer.OrdinalIgnoreCase))
            return ClientFault.Malformed("The 'typ' of the client_assertion must be JWT.");
        if (assertion.HasHeader("crit"))
            return ClientFault.Malformed("The client_assertion has a 'crit' header; no extension is understood here.");
        return string.IsNullOrEmpty(assertion.KeyId)
            ? ClientFault.Malformed("The 'kid' of the client_assertion is missing or not a string.")
            : null;
    }

    private static ClientFault? ValidateClient(Assertion assertion, Client? client, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(assertion.Issuer) || assertion.Issuer != assertion.Subject)
            return ClientFault.Malformed("The 'iss' and 'sub' of the client_assertion must both be the client id.");
        if (client is null)
            return ClientFault.Untrusted("The 'iss' of the client_assertion is not a known client.");
        if (client.Disabled)
            return ClientFault.Untrusted("The client is disabled.");
        if (!client.Keys.TryGetValue(assertion.KeyId!, out var key))
            return ClientFault.Untrusted("The 'kid' of the client_assertion is not a key of this client.");
        if (client.KeyEnds.TryGetValue(assertion.KeyId!, out var end) && end <= now)
            return ClientFault.Untrusted("The 'kid' of the client_assertion is a key that has been replaced.");
        return
            SigningAlgorithms.Fits(assertion.Algorithm!, key.Kty) && (key.Alg is null || key.Alg == assertion.Algorithm)
            ? null
            : ClientFault.Malformed("The 'alg' of the client_assertion does not fit the key.");
    }

    private static ClientFault? ValidateClaims(Assertion assertion, IdentityOptions settings, DateTimeOffset now)
    {
        if (assertion.Audience is null || !settings.AssertionAudiences().Contains(assertion.Audience))
            return ClientFault.Untrusted($"The 'aud' of the client_assertion must be {settings.TokenUrl()}.");
        if (assertion.ExpiresAt is not { } expiresAt)
            return ClientFault.Malformed("The 'exp' of the client_assertion is missing or not an integer.");
        if (expiresAt + Skew < now)
            return ClientFault.Malformed("The 'exp' of the client_assertion is past.");
        if (expiresAt > now + LongestLife + Skew)
            return ClientFault.Malformed("The 'exp' of the client_assertion is more than 5 minutes ahead.");
        if (!assertion.IsAbsentOrBy("nbf", now + Skew) || !assertion.IsAbsentOrBy("iat", now + Skew))
        {
            return ClientFault.Malformed(
                "The 'nbf' or 'iat' of the client_assertion is not an integer or is in the future."
            );
        }
        return string.IsNullOrEmpty(assertion.Id)
            ? ClientFault.Malformed("The 'jti' of the client_assertion is missing or not a string.")
            : null;
    }
}
