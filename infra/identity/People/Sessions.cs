using Microsoft.EntityFrameworkCore;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.People;

/// <summary>
/// A session is one row, and each change of it one statement whose WHERE decides: two requests with the same code or
/// the same refresh token cannot both succeed, on whichever instances.
/// </summary>
internal sealed class Sessions(IdentityDb db, TimeProvider clock)
{
    /// <summary>Without a renewal for this long it has ended.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    /// <summary>It never lasts longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(10);

    /// <summary>Begins one. False where it had begun already: the code was used before, so it is ended.</summary>
    public async Task<bool> TryBeginAsync(
        string id,
        string clientId,
        string rule,
        string refreshId,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var begun = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity.session (id, client_id, rule, refresh_id, started_at, used_at)
                VALUES ({id}, {clientId}, {rule}, {refreshId}, {now}, {now})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken
        );
        if (begun == 1)
            return true;
        await EndAsync(id, cancellationToken);
        return false;
    }

    /// <summary>
    /// Puts the next refresh token in the place of this one. Null where that is done, else why not, in words; one that
    /// was replaced before ends the session, because somebody else has it.
    /// </summary>
    public async Task<string?> TryRenewAsync(
        string id,
        string clientId,
        string refreshId,
        string next,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var renewed = await db
            .Sessions.Where(session =>
                session.Id == id
                && session.ClientId == clientId
                && session.RefreshId == refreshId
                && session.EndedAt == null
                && session.UsedAt > now - Idle
                && session.StartedAt > now - Longest
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(session => session.RefreshId, next).SetProperty(session => session.UsedAt, now),
                cancellationToken
            );
        if (renewed == 1)
            return null;
        var found = await db.Sessions.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        await EndAsync(id, cancellationToken);
        return found switch
        {
            null or { EndedAt: not null } => "The session has ended.",
            _ when found.RefreshId != refreshId => "The refresh token has been used before; the session is ended.",
            _ => "The session has lasted too long or was idle too long.",
        };
    }

    public Task EndAsync(string id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db
            .Sessions.Where(session => session.Id == id && session.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), cancellationToken);
    }

    /// <summary>Ends those that no rule of today would let in.</summary>
    public Task<int> EndWithoutRuleAsync(IReadOnlyList<string> rules, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db
            .Sessions.Where(session => session.EndedAt == null && !rules.Contains(session.Rule))
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), cancellationToken);
    }
}
