using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.Clients;

/// <summary>What an organisation said of a key of its client: that it is one, and when it ends.</summary>
/// <param name="Client">The client's id.</param>
/// <param name="Organisation">Which said it. It counts while the clients file says that the client is theirs.</param>
/// <param name="Kid">The key's id.</param>
/// <param name="Key">Null where the key is in the clients file, and only its end was said.</param>
/// <param name="AddedAt">When it was registered.</param>
/// <param name="EndsAt">When it ends; null where nobody said.</param>
internal sealed record RegisteredKey(
    string Client,
    string Organisation,
    string Kid,
    JsonWebKey? Key,
    DateTimeOffset? AddedAt,
    DateTimeOffset? EndsAt
);

/// <summary>The keys that organisations registered themselves, beside those of the clients file.</summary>
internal static class ClientKeys
{
    /// <summary>All of them: a handful for each client.</summary>
    public static async Task<IReadOnlyList<RegisteredKey>> ReadAsync(IdentityDb db, CancellationToken cancellationToken)
    {
        var rows = await db
            .ClientKeys.AsNoTracking()
            .OrderBy(row => row.ClientId)
            .ThenBy(row => row.Kid)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(Of)];
    }

    public static async Task<IReadOnlyDictionary<string, DateTimeOffset>> ReadUsesAsync(
        IdentityDb db,
        string client,
        CancellationToken cancellationToken
    ) =>
        await db
            .ClientKeyUses.AsNoTracking()
            .Where(row => row.ClientId == client)
            .ToDictionaryAsync(row => row.Kid, row => row.UsedAt, cancellationToken);

    /// <summary>
    /// The client with its organisation's keys. The clients file has the first word of a key, and may end any.
    /// </summary>
    public static Client With(this Client client, IEnumerable<RegisteredKey> registered)
    {
        var (keys, ends) = (client.Keys.ToDictionary(), client.KeyEnds.ToDictionary());
        foreach (var one in registered.Where(one => one.Organisation == client.Organisation))
        {
            if (one.Key is not null && !keys.TryAdd(one.Kid, one.Key))
                continue;
            if (one.EndsAt is { } end && keys.ContainsKey(one.Kid))
                ends[one.Kid] = ends.TryGetValue(one.Kid, out var earlier) && earlier < end ? earlier : end;
        }

        return client.WithKeys(keys, ends);
    }

    private static RegisteredKey Of(ClientKeyRow row) =>
        new(
            row.ClientId,
            row.Organisation,
            row.Kid,
            row.Jwk is null
                ? null
                : JsonSerializer.Deserialize<KeyEntry>(row.Jwk, JsonSerializerOptions.Web)!.ToSecurityKey(),
            row.AddedAt,
            row.EndsAt
        );
}
