using Microsoft.EntityFrameworkCore;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.Revoking;

/// <summary>Notes revocations, for every instance to publish.</summary>
internal sealed class Revoker(IdentityDb db, TimeProvider clock)
{
    // A system's token lives ten minutes; clocks may differ by half a minute.
    private static readonly TimeSpan ClientsListed = TimeSpan.FromMinutes(11);

    /// <summary>The tokens that a client has so far.</summary>
    public Task RevokeClientAsync(string client, CancellationToken cancellationToken) =>
        NoteAsync(Revocation.Client, client, clock.GetUtcNow() + ClientsListed, cancellationToken);

    /// <summary>One token.</summary>
    public Task RevokeTokenAsync(string id, CancellationToken cancellationToken) =>
        NoteAsync(Revocation.Token, id, clock.GetUtcNow() + ClientsListed, cancellationToken);

    private Task<int> NoteAsync(string kind, string id, DateTimeOffset forgetAt, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity.revocation (kind, id, issued_by, forget_at)
                VALUES ({kind}, {id}, {clock.GetUtcNow()}, {forgetAt})
            ON CONFLICT (kind, id) DO UPDATE SET issued_by = excluded.issued_by, forget_at = excluded.forget_at
            """,
            cancellationToken
        );
}
