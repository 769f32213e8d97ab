using Safeguarding.Identity.Clients;

namespace Safeguarding.Identity.Assertions;

/// <summary>One thing that is asked of an assertion.</summary>
/// <param name="Claim">Of what: a member of its header or claims.</param>
/// <param name="Error">What is wrong; null where nothing is.</param>
/// <param name="Fine">What is right, where nothing is wrong.</param>
internal sealed record ClaimRule(string Claim, ClientError? Error, string Fine);

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

    /// <summary>The first error; null when there is none.</summary>
    public static ClientError? Validate(
        Assertion? assertion,
        Client? client,
        IdentityOptions settings,
        DateTimeOffset now
    ) =>
        assertion is null
            ? ClientError.Malformed("The client_assertion is not a signed JWT.")
            : All(assertion, client, settings, now)
                .Select(rule => rule.Error)
                .FirstOrDefault(error => error is not null);

    /// <summary>Each rule in the order in which it is asked; of an unknown client those that need none.</summary>
    public static IEnumerable<ClaimRule> All(
        Assertion assertion,
        Client? client,
        IdentityOptions settings,
        DateTimeOffset now
    ) =>
        [
            new("alg", ValidateAlgorithm(assertion), "An algorithm that is accepted."),
            new("typ", ValidateType(assertion), "A type that is accepted."),
            new("kid", ValidateKeyId(assertion), "Present."),
            new("iss", ValidateIssuer(assertion, client), "The id of a client, and the same as 'sub'."),
            .. client is null
                ? (ClaimRule[])[]
                : [new("kid", ValidateKey(assertion, client, now), "A key of the client.")],
            new("aud", ValidateAudience(assertion, settings), "The token URL or the issuer."),
            new("exp", ValidateExpiry(assertion, now), "Not past, and at most 5 minutes ahead."),
            new("nbf", ValidateTimes(assertion, now), "'nbf' and 'iat' are absent or not in the future."),
            new("jti", ValidateId(assertion), "Present."),
        ];

    private static ClientError? ValidateAlgorithm(Assertion assertion) =>
        assertion.Algorithm is null || !SigningAlgorithms.Accepted.Contains(assertion.Algorithm)
            ? ClientError.Malformed(
                $"The 'alg' of the client_assertion must be one of {string.Join(", ", SigningAlgorithms.Accepted)}."
            )
            : null;

    private static ClientError? ValidateType(Assertion assertion) =>
        assertion.Type is null || !Types.Contains(assertion.Type, StringComparer.OrdinalIgnoreCase)
            ? ClientError.Malformed("The 'typ' of the client_assertion must be JWT.")
        : assertion.HasHeader("crit")
            ? ClientError.Malformed("The client_assertion has a 'crit' header; no extension is understood here.")
        : null;

    private static ClientError? ValidateKeyId(Assertion assertion) =>
        string.IsNullOrEmpty(assertion.KeyId)
            ? ClientError.Malformed("The 'kid' of the client_assertion is missing or not a string.")
            : null;

    private static ClientError? ValidateIssuer(Assertion assertion, Client? client) =>
        string.IsNullOrEmpty(assertion.Issuer) || assertion.Issuer != assertion.Subject
            ? ClientError.Malformed("The 'iss' and 'sub' of the client_assertion must both be the client id.")
        : client is null ? ClientError.Untrusted("The 'iss' of the client_assertion is not a known client.")
        : client.Disabled ? ClientError.Untrusted("The client is disabled.")
        : null;

    private static ClientError? ValidateKey(Assertion assertion, Client client, DateTimeOffset now)
    {
        if (!client.Keys.TryGetValue(assertion.KeyId ?? "", out var key))
            return ClientError.Untrusted("The 'kid' of the client_assertion is not a key of this client.");
        if (client.KeyEnds.TryGetValue(assertion.KeyId!, out var end) && end <= now)
            return ClientError.Untrusted("The 'kid' of the client_assertion is a key that has been replaced.");
        return
            ValidateAlgorithm(assertion) is not null
            || (
                SigningAlgorithms.Fits(assertion.Algorithm!, key.Kty)
                && (key.Alg is null || key.Alg == assertion.Algorithm)
            )
            ? null
            : ClientError.Malformed("The 'alg' of the client_assertion does not fit the key.");
    }

    private static ClientError? ValidateAudience(Assertion assertion, IdentityOptions settings) =>
        assertion.Audience is null || !settings.AssertionAudiences().Contains(assertion.Audience)
            ? ClientError.Untrusted($"The 'aud' of the client_assertion must be {settings.TokenUrl()}.")
            : null;

    private static ClientError? ValidateExpiry(Assertion assertion, DateTimeOffset now) =>
        assertion.ExpiresAt is not { } expiresAt
            ? ClientError.Malformed("The 'exp' of the client_assertion is missing or not an integer.")
        : expiresAt + Skew < now ? ClientError.Malformed("The 'exp' of the client_assertion is past.")
        : expiresAt > now + LongestLife + Skew
            ? ClientError.Malformed("The 'exp' of the client_assertion is more than 5 minutes ahead.")
        : null;

    private static ClientError? ValidateTimes(Assertion assertion, DateTimeOffset now) =>
        assertion.IsAbsentOrBy("nbf", now + Skew) && assertion.IsAbsentOrBy("iat", now + Skew)
            ? null
            : ClientError.Malformed(
                "The 'nbf' or 'iat' of the client_assertion is not an integer or is in the future."
            );

    private static ClientError? ValidateId(Assertion assertion) =>
        string.IsNullOrEmpty(assertion.Id)
            ? ClientError.Malformed("The 'jti' of the client_assertion is missing or not a string.")
            : null;
}
