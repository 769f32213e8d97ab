using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Portal.Storage;

namespace Safeguarding.Portal.SignIn;

/// <summary>
/// Keeps who is signed in, with the tokens, in PostgreSQL. The browser has a key to it and nothing else.
/// </summary>
internal sealed class Sessions(
    IDbContextFactory<PortalDb> databases,
    IDataProtectionProvider protection,
    TimeProvider clock
) : ITicketStore
{
    private const string Id = "session";

    private readonly TicketDataFormat _format = new(protection.CreateProtector("session"));

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var id = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        ticket.Properties.Items[Id] = id;
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync();
        await db.Sessions.Where(session => session.ExpiresAt < now).ExecuteDeleteAsync();
        db.Add(
            new Session
            {
                Id = id,
                Ticket = _format.Protect(ticket),
                ExpiresAt = ticket.Properties.ExpiresUtc!.Value,
            }
        );
        await db.SaveChangesAsync();
        return id;
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync();
        var session = await db
            .Sessions.AsNoTracking()
            .SingleOrDefaultAsync(session => session.Id == key && session.ExpiresAt > now);
        return _format.Unprotect(session?.Ticket);
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        var sealedTicket = _format.Protect(ticket);
        await using var db = await databases.CreateDbContextAsync();
        await db
            .Sessions.Where(session => session.Id == key)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.Ticket, sealedTicket));
    }

    public async Task RemoveAsync(string key)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Sessions.Where(session => session.Id == key).ExecuteDeleteAsync();
    }

    /// <summary>
    /// Changes a session while no other request, on whichever replica, does: a refresh token is good once.
    /// </summary>
    /// <param name="ticket">As the request found it.</param>
    /// <param name="change">Sees the newest state; its tokens are kept. False ends the session.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <returns>The newest state; null where the session has ended.</returns>
    public async Task<AuthenticationTicket?> ChangeAloneAsync(
        AuthenticationTicket ticket,
        Func<AuthenticationProperties, Task<bool>> change,
        CancellationToken cancellationToken
    )
    {
        var id = ticket.Properties.Items[Id]!;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var session = await db
            .Sessions.FromSql($"SELECT * FROM portal.session WHERE id = {id} FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
        if (_format.Unprotect(session?.Ticket) is not { } newest)
            return null;
        if (await change(newest.Properties))
            session!.Ticket = _format.Protect(newest);
        else
            (newest, _) = (null, db.Remove(session!));
        // A token that was used up must not be forgotten because the browser went away.
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return newest;
    }
}
