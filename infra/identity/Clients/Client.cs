using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Identity.Clients;

/// <summary>A system of a trust, a council or a police force, as the clients file names it.</summary>
internal sealed class Client
{
    public required string Id { get; init; }

    /// <summary>ODS code of a trust, GSS code of a council, force code: goes into every token.</summary>
    public required string Organisation { get; init; }

    public required IReadOnlySet<string> Scopes { get; init; }

    public required bool Disabled { get; init; }

    /// <summary>Public keys by <c>kid</c>; empty for a client with a secret.</summary>
    public required IReadOnlyDictionary<string, JsonWebKey> Keys { get; init; }

    /// <summary>When keys end that a rotation has followed, by <c>kid</c>.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> KeyEnds { get; init; }

    public required byte[]? SecretHash { get; init; }

    public bool HasSecret(string secret) =>
        SecretHash is not null && CryptographicOperations.FixedTimeEquals(SecretHash, Hash(secret));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
