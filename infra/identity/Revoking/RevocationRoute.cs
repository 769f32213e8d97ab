using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
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

    public static void MapRevocations(this WebApplication app) => app.MapGet(Paths.Revocations, ReadAsync);

    private static async Task<IResult> ReadAsync(
        IdentityDb db,
        ClientRegister clients,
        TimeProvider clock,
        HttpContext context
    )
    {
        var now = clock.GetUtcNow();
        var since = now - SessionsListed;
        var sessions = await db
            .Sessions.Where(session => session.EndedAt > since)
            .Select(session => session.Id)
            .ToListAsync(context.RequestAborted);
        var stored = await db
            .Revocations.AsNoTracking()
            .Where(revocation => revocation.ForgetAt > now)
            .ToListAsync(context.RequestAborted);
        var disabled = clients.All.Where(client => client.Disabled).Select(client => client.Id).ToHashSet();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Answer([
                .. disabled.Order(StringComparer.Ordinal).Select(id => new Item(Revocation.Client, id, null)),
                .. stored
                    .Where(one => one.Kind != Revocation.Client || !disabled.Contains(one.Id))
                    .OrderBy(one => one.Id, StringComparer.Ordinal)
                    .Select(one => new Item(one.Kind, one.Id, one.IssuedBy)),
                .. sessions.Order(StringComparer.Ordinal).Select(id => new Item("session", id, null)),
            ]),
            JsonSerializerOptions.Web
        );
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(
            body,
            "application/json",
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))}\"")
        );
    }

    private sealed record Answer(IReadOnlyList<Item> Revocations);

    private sealed record Item(string Kind, string Id, DateTimeOffset? IssuedBy);
}
