using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Assertions;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Keys;
using Safeguarding.Identity.Revoking;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.OwnClients;

/// <summary>The body of <c>POST /clients/check-token</c>.</summary>
/// <param name="Token">A client assertion or an access token of this hub.</param>
internal sealed record TokenToCheck(string? Token);

/// <summary>What would become of a token now.</summary>
/// <param name="Kind">client-assertion or access-token.</param>
/// <param name="Client">Whose it is; null where that is no client of your organisation.</param>
/// <param name="Scopes">What the client may have.</param>
/// <param name="CheckedAt">The hub's clock.</param>
/// <param name="Claims">Each thing that is looked at, in this order; the first that is refused is the answer.</param>
internal sealed record CheckedToken(
    string Kind,
    string? Client,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CheckedAt,
    IReadOnlyList<CheckedClaim> Claims
);

/// <summary>One thing that is looked at.</summary>
/// <param name="Claim">A member of header or claims, or <c>signature</c>.</param>
/// <param name="Accepted">Whether it is as it must be.</param>
/// <param name="Detail">Why, in words that quote nothing of the token.</param>
internal sealed record CheckedClaim(string Claim, bool Accepted, string Detail);

/// <summary>
/// Says claim by claim what would be refused of a token. Nothing is issued and no assertion is used up. Of a client
/// that is another organisation's it says what it says of one that there is not.
/// </summary>
internal sealed class CheckToken(
    ClientRegister clients,
    SigningKeys keys,
    IdentityDb db,
    IOptions<IdentityOptions> settings,
    TimeProvider clock
)
{
    private const string AccessToken = "at+jwt";
    private static readonly JsonWebTokenHandler s_handler = new();

    public static async Task<Results<Ok<CheckedToken>, ProblemHttpResult>> Handle(
        TokenToCheck request,
        Caller caller,
        CheckToken check,
        CancellationToken cancellationToken
    )
    {
        if (Assertion.Read(request.Token?.Trim() ?? "") is not { } token)
        {
            const string detail =
                "token must be a signed JWT in compact form: three parts, the first two of them JSON objects.";
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "token-unreadable",
                detail,
                new FieldError("token", detail)
            );
        }

        var text = request.Token!.Trim();
        return TypedResults.Ok(
            string.Equals(token.Type, AccessToken, StringComparison.OrdinalIgnoreCase)
                ? await check.AccessTokenAsync(text, token, caller, cancellationToken)
                : await check.AssertionAsync(text, token, caller, cancellationToken)
        );
    }

    private async Task<CheckedToken> AssertionAsync(
        string text,
        Assertion assertion,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var (now, client) = (clock.GetUtcNow(), Own(assertion.Issuer, caller));
        List<CheckedClaim> claims =
        [
            .. AssertionRules
                .All(assertion, client, settings.Value, now)
                .Select(rule => Of(rule.Claim, rule.Error, rule.Fine)),
        ];
        if (client is not null && !string.IsNullOrEmpty(assertion.Id))
        {
            claims.Add(
                await db.IsUsed(assertion, cancellationToken)
                    ? new("jti", false, "The 'jti' of the client_assertion has been used before.")
                    : new("jti", true, "Not used before.")
            );
        }

        if (
            claims.Find(claim => claim.Claim == "alg")!.Accepted
            && client?.Keys.GetValueOrDefault(assertion.KeyId ?? "") is { } key
        )
        {
            claims.Add(
                await IsSignedByAsync(text, [key], SigningAlgorithms.Accepted)
                    ? new("signature", true, "By the client's key.")
                    : new("signature", false, "The signature is not by the key that 'kid' names.")
            );
        }

        // Of one claim several things are asked: what is wrong, else the last that is right.
        return new(
            "client-assertion",
            client?.Id,
            Scopes(client),
            now,
            [
                .. claims
                    .GroupBy(claim => claim.Claim)
                    .Select(same => same.FirstOrDefault(claim => !claim.Accepted) ?? same.Last()),
            ]
        );
    }

    private async Task<CheckedToken> AccessTokenAsync(
        string text,
        Assertion token,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var (now, parsed) = (clock.GetUtcNow(), new JsonWebToken(text));
        var isSigned = await IsSignedByAsync(text, [.. keys.Published], [SecurityAlgorithms.RsaSha256]);
        var ids = TokenIds.Of(parsed);
        // A person's is of the organisation for which they act, whichever application they use.
        var isOwn = isSigned && Text(parsed, HubClaims.Organisation) == caller.Organisation;
        var client = isOwn && ids.Session is null ? Own(ids.Client, caller) : null;
        List<CheckedClaim> claims =
        [
            Of("signature", isSigned, "By a key of this hub.", "The signature is not by a key of this hub."),
            Of("iss", token.Issuer == settings.Value.Issuer!.AbsoluteUri, "This hub.", "The 'iss' is not this hub."),
            Of(
                "aud",
                parsed.Audiences.Contains(settings.Value.Audience),
                "The services of this hub.",
                "The 'aud' is not the services of this hub."
            ),
            Of(
                "exp",
                token.ExpiresAt + AssertionRules.Skew > now,
                "Not past.",
                "The 'exp' is missing or past. Get a new token."
            ),
            Of(
                "client_id",
                isOwn && (client is not null || ids.Session is not null),
                "A client of your organisation, or a person of it.",
                "The 'client_id' is not a known client."
            ),
        ];
        if (isOwn)
        {
            var revocations = new Revocations(clock);
            revocations.Hear(await RevocationRoute.ListAsync(db, clients, now, cancellationToken));
            claims.Add(
                Of(
                    "revoked",
                    revocations.WhyRefused(ids) is null,
                    "Not revoked.",
                    "The token has been revoked: it was given back, its session ended, or its client was disabled or lost a key."
                )
            );
        }

        if (client is not null)
        {
            claims.Add(
                Of(
                    "scope",
                    client.Scopes.IsSupersetOf(
                        (Text(parsed, HubClaims.Scope) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    ),
                    "Scopes that the client has.",
                    "The client no longer has one of the scopes."
                )
            );
        }

        return new("access-token", client?.Id, Scopes(client), now, claims);
    }

    private Client? Own(string? id, Caller caller) =>
        clients.Find(id) is { } client && client.Organisation == caller.Organisation ? client : null;

    private static async Task<bool> IsSignedByAsync(
        string token,
        IReadOnlyList<SecurityKey> keys,
        IReadOnlyList<string> algorithms
    )
    {
        var result = await s_handler.ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                IssuerSigningKeyResolver = (_, _, kid, _) => keys.Where(key => key.KeyId == kid),
                TryAllIssuerSigningKeys = false,
                ValidAlgorithms = algorithms,
                ValidateAudience = false,
                ValidateIssuer = false,
                ValidateLifetime = false,
            }
        );
        return result.IsValid;
    }

    private static string[] Scopes(Client? client) =>
        [.. (client?.Scopes ?? new HashSet<string>()).Order(StringComparer.Ordinal)];

    private static string? Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var value) ? value : null;

    private static CheckedClaim Of(string claim, ClientError? error, string fine) =>
        Of(claim, error is null, fine, error?.Description ?? "");

    private static CheckedClaim Of(string claim, bool accepted, string fine, string error) =>
        new(claim, accepted, accepted ? fine : error);
}
