using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
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

    /// <summary>
    /// Those in which somebody may still be. One that is idle has ended by itself, and who has a token of it has it for
    /// a shorter time.
    /// </summary>
    public IQueryable<Session> Open
    {
        get
        {
            var idleSince = clock.GetUtcNow() - Idle;
            return db.Sessions.AsNoTracking().Where(session => session.EndedAt == null && session.UsedAt > idleSince);
        }
    }

    /// <summary>Begins one. False where it had begun already: the code was used before, so it is ended.</summary>
    /// <param name="caller">Whose it is, and at which application.</param>
    /// <param name="rule">What lets the person in.</param>
    /// <param name="refreshId">The first refresh token that is good.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<bool> TryBeginAsync(
        Caller caller,
        string rule,
        string refreshId,
        CancellationToken cancellationToken
    )
    {
        var (now, person) = (clock.GetUtcNow(), caller.Person!);
        var begun = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity.session
                (id, client_id, rule, refresh_id, started_at, used_at, subject, organisation, role)
                VALUES ({person.SessionId}, {caller.ClientId}, {rule}, {refreshId}, {now}, {now}, {person.Subject},
                    {caller.Organisation}, {person.Role})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken
        );
        if (begun == 1)
            return true;
        await EndAsync(person.SessionId, cancellationToken);
        return false;
    }

    /// <summary>
    /// Puts the next refresh token in the place of this one. Null where that is done, else why not, in words; one that
    /// was replaced before ends the session, because somebody else has it.
    /// </summary>
    public async Task<string?> TryRenewAsync(
        Caller caller,
        string refreshId,
        string next,
        CancellationToken cancellationToken
    )
    {
        var (now, person) = (clock.GetUtcNow(), caller.Person!);
        var id = person.SessionId;
        var renewed = await db
            .Sessions.Where(session =>
                session.Id == id
                && session.ClientId == caller.ClientId
                && session.RefreshId == refreshId
                && session.EndedAt == null
                && session.UsedAt > now - Idle
                && session.StartedAt > now - Longest
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(session => session.RefreshId, next)
                        .SetProperty(session => session.UsedAt, now)
                        // The release before did not write them.
                        .SetProperty(session => session.Subject, person.Subject)
                        .SetProperty(session => session.Organisation, caller.Organisation)
                        .SetProperty(session => session.Role, person.Role),
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

    /// <summary>Ends open sessions for somebody else. The answer is empty where there is no such one.</summary>
    /// <param name="id">The one; those of <paramref name="subject"/> where null.</param>
    /// <param name="subject">Whose; anybody's where null.</param>
    /// <param name="organisation">Whose sessions may be ended; any where null.</param>
    /// <param name="cancellationToken">The request's.</param>
    public Task<List<Session>> EndOpenAsync(
        string? id,
        string? subject,
        string? organisation,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var idleSince = now - Idle;
        return db
            .Sessions.FromSql(
                $"""
                UPDATE identity.session SET ended_at = {now}
                WHERE ended_at IS NULL AND used_at > {idleSince} AND ({id}::text IS NULL OR id = {id})
                    AND ({subject}::text IS NULL OR subject = {subject})
                    AND ({organisation}::text IS NULL OR organisation = {organisation})
                RETURNING *
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
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
