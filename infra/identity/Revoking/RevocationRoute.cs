using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.Revoking;

/// <summary>
/// What services must refuse although it has not expired. It holds ids and nothing of anybody, so it needs no token: a
/// service reads it before it can know whom to trust.
/// </summary>
internal static class RevocationRoute
{
    // A person's token lives five minutes; clocks may differ by half a minute.
    private static readonly TimeSpan SessionsListed = TimeSpan.FromMinutes(6);

    public static void MapRevocations(this IEndpointRouteBuilder app) => app.MapGet(Paths.Revocations, ReadAsync);

    /// <summary>What is revoked now, by whichever instance.</summary>
    public static async Task<RevocationList> ListAsync(
        IdentityDb db,
        ClientRegister clients,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var since = now - SessionsListed;
        var sessions = await db
            .Sessions.Where(session => session.EndedAt > since)
            .Select(session => session.Id)
            .ToListAsync(cancellationToken);
        var stored = await db
            .Revocations.AsNoTracking()
            .Where(revocation => revocation.PurgeAt > now)
            .ToListAsync(cancellationToken);
        var disabled = clients.All.Where(client => client.Disabled).Select(client => client.Id).ToHashSet();
        return new RevocationList([
            .. disabled.Order(StringComparer.Ordinal).Select(id => new Revoked(Revocation.Client, id, null)),
            .. stored
                .Where(one => one.Kind != Revocation.Client || !disabled.Contains(one.Id))
                .OrderBy(one => one.Id, StringComparer.Ordinal)
                .Select(one => new Revoked(one.Kind, one.Id, one.IssuedBy)),
            .. sessions.Order(StringComparer.Ordinal).Select(id => new Revoked("session", id, null)),
        ]);
    }

    private static async Task<IResult> ReadAsync(
        IdentityDb db,
        ClientRegister clients,
        TimeProvider clock,
        HttpContext context
    )
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            await ListAsync(db, clients, clock.GetUtcNow(), context.RequestAborted),
            JsonSerializerOptions.Web
        );
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(
            body,
            "application/json",
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))}\"")
        );
    }
}
