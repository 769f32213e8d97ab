using System.Collections.Frozen;
using System.Globalization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// What an issuer has revoked of tokens that have not expired yet, as it last said. An issuer that publishes no
/// revocations has none.
/// </summary>
internal sealed class Revocations(TimeProvider clock)
{
    /// <summary>
    /// A person's token is refused when nothing has been heard for this long: a role may have been withdrawn meanwhile.
    /// A system's is not, so that a stop of identity stops no encounter; it ends after ten minutes by itself.
    /// </summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(3);

    private volatile IReadOnlyDictionary<(string Kind, string Id), DateTimeOffset?> _revoked = FrozenDictionary<
        (string, string),
        DateTimeOffset?
    >.Empty;

    // Ticks, which are read and written whole; 0 where the issuer publishes none.
    private long _heardAt;

    /// <summary>The issuer publishes them, and is listened to from now on.</summary>
    public void Begin() => Interlocked.CompareExchange(ref _heardAt, clock.GetUtcNow().UtcTicks, 0);

    /// <summary>What it says now; null where that is what it said before.</summary>
    public void Hear(RevocationList? list)
    {
        if (list is not null)
            _revoked = list.Revocations.ToFrozenDictionary(one => (one.Kind, one.Id), one => one.IssuedBy);
        Volatile.Write(ref _heardAt, clock.GetUtcNow().UtcTicks);
    }

    /// <summary>Why a token whose signature is good is refused all the same; null where it is not.</summary>
    public RevokedTokenException? WhyRefused(TokenIds token)
    {
        if (
            Has("client", token.Client, token.IssuedAt)
            || Has("session", token.Session, token.IssuedAt)
            || Has("token", token.Id, token.IssuedAt)
        )
        {
            return new RevokedTokenException("token-revoked", "The bearer token has been revoked. Get a new one.");
        }

        var heard = Volatile.Read(ref _heardAt);
        return token.Session is not null && heard != 0 && heard + StaleAfter.Ticks < clock.GetUtcNow().UtcTicks
            ? new RevokedTokenException(
                "revocations-unavailable",
                "Whether the person's session has ended cannot be found out: identity is unavailable."
            )
            : null;
    }

    private bool Has(string kind, string? id, DateTimeOffset issuedAt) =>
        id is not null
        && _revoked.TryGetValue((kind, id), out var issuedBy)
        && (issuedBy is null || issuedAt <= issuedBy);
}

/// <summary>What identity answers at its <c>revocations_uri</c>.</summary>
/// <param name="Revocations">Of tokens that may still be in hand.</param>
internal sealed record RevocationList(IReadOnlyList<Revoked> Revocations);

/// <summary>One of them.</summary>
/// <param name="Kind"><c>client</c>, <c>session</c> or <c>token</c>.</param>
/// <param name="Id"><c>client_id</c>, <c>sid</c> or <c>jti</c>.</param>
/// <param name="IssuedBy">Only tokens that were issued by then; all where null.</param>
internal sealed record Revoked(string Kind, string Id, DateTimeOffset? IssuedBy);

/// <summary>By what a token can be revoked.</summary>
internal sealed record TokenIds(string? Client, string? Session, string? Id, DateTimeOffset IssuedAt)
{
    public static TokenIds Of(SecurityToken validated)
    {
        var token = (JsonWebToken)validated;
        return new TokenIds(
            Text(token, HubClaims.ClientId),
            Text(token, HubClaims.SessionId),
            Text(token, "jti"),
            long.TryParse(Text(token, "iat"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 253_402_300_799))
                : DateTimeOffset.MinValue
        );
    }

    private static string? Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<object>(claim, out var value)
            ? Convert.ToString(value, CultureInfo.InvariantCulture)
            : null;
}

/// <summary>A token that is refused although its signature is good.</summary>
/// <param name="code">Of the refusal.</param>
/// <param name="message">In plain words.</param>
internal sealed class RevokedTokenException(string code, string message) : SecurityTokenException(message)
{
    public string Code => code;
}
