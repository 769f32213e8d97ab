using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Identity.Clients;

/// <summary>
/// A system of a trust, a council or a police force, or an application that people sign in to, as the clients file
/// names it.
/// </summary>
internal sealed class Client
{
    public required string Id { get; init; }

    /// <summary>ODS code of a trust, GSS code of a council, force code: goes into every token.</summary>
    public required string Organisation { get; init; }

    /// <summary>What it may do by itself; empty for an application that people use.</summary>
    public required IReadOnlySet<string> Scopes { get; init; }

    /// <summary>Where people are sent back to after signing in; empty for a system.</summary>
    public required IReadOnlySet<string> RedirectUris { get; init; }

    /// <summary>Where people are sent to after signing out.</summary>
    public required IReadOnlySet<string> PostLogoutRedirectUris { get; init; }

    /// <summary>Whether people sign in to it. It then gets no token of its own.</summary>
    public bool IsForPeople => RedirectUris.Count > 0;

    public required bool Disabled { get; init; }

    /// <summary>Whether the token endpoint words its refusals as NHS England's does.</summary>
    public required bool HasNhsErrors { get; init; }

    /// <summary>Public keys by <c>kid</c>; empty for a client with a secret.</summary>
    public required IReadOnlyDictionary<string, JsonWebKey> Keys { get; init; }

    /// <summary>When keys end that a rotation has followed, by <c>kid</c>.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> KeyEnds { get; init; }

    public required byte[]? SecretHash { get; init; }

    /// <summary>Whether it is a key of the client's that has not ended.</summary>
    public bool IsGood(string kid, DateTimeOffset now) =>
        Keys.ContainsKey(kid) && !(KeyEnds.TryGetValue(kid, out var end) && end <= now);

    /// <summary>The same client with other keys.</summary>
    public Client WithKeys(
        IReadOnlyDictionary<string, JsonWebKey> keys,
        IReadOnlyDictionary<string, DateTimeOffset> ends
    ) =>
        new()
        {
            Id = Id,
            Organisation = Organisation,
            Scopes = Scopes,
            RedirectUris = RedirectUris,
            PostLogoutRedirectUris = PostLogoutRedirectUris,
            Disabled = Disabled,
            HasNhsErrors = HasNhsErrors,
            Keys = keys,
            KeyEnds = ends,
            SecretHash = SecretHash,
        };

    public bool HasSecret(string secret) =>
        SecretHash is not null && CryptographicOperations.FixedTimeEquals(SecretHash, Hash(secret));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
