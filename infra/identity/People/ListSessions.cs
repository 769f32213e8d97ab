using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.People;

/// <summary>A session that is open. It holds no name.</summary>
/// <param name="Id">The claim <c>sid</c> of its tokens.</param>
/// <param name="Person">Whose it is, as the provider of their sign-in names them: opaque.</param>
/// <param name="Organisation">For which the person acts.</param>
/// <param name="Role">The person's role.</param>
/// <param name="Client">At which application.</param>
/// <param name="StartedAt">When the person signed in.</param>
/// <param name="UsedAt">When its last token was given out.</param>
internal sealed record SessionView(
    Guid Id,
    string Person,
    string Organisation,
    string Role,
    string Client,
    DateTimeOffset StartedAt,
    DateTimeOffset UsedAt
);

/// <param name="Sessions">The last used first.</param>
/// <param name="Next">For <c>after</c>, where there are more.</param>
internal sealed record SessionPage(IReadOnlyList<SessionView> Sessions, Guid? Next);

/// <summary>Lists the open sessions, by pages.</summary>
internal static class ListSessions
{
    private const int APage = 200;

    public static async Task<Ok<SessionPage>> Handle(
        string? organisation,
        Guid? after,
        Caller caller,
        Sessions sessions,
        CancellationToken cancellationToken
    )
    {
        var open = sessions.Open.Where(session => session.Subject != null);
        if (SessionRoutes.OrganisationOf(caller) is { } own)
            open = open.Where(session => session.Organisation == own);
        if (organisation is not null)
            open = open.Where(session => session.Organisation == organisation);
#pragma warning disable CA1309 // The database compares.
        if (after?.ToString("N") is { } last)
            open = open.Where(session => string.Compare(session.Id, last) > 0);
#pragma warning restore CA1309
        var found = await open.OrderBy(session => session.Id).Take(APage + 1).ToListAsync(cancellationToken);
        var page = found.Take(APage).Select(Of).ToList();
        return TypedResults.Ok(
            new SessionPage(
                [.. page.OrderByDescending(session => session.UsedAt)],
                found.Count > APage ? page[^1].Id : null
            )
        );
    }

    private static SessionView Of(Session session) =>
        new(
            Guid.ParseExact(session.Id, "N"),
            session.Subject!,
            session.Organisation!,
            session.Role!,
            session.ClientId,
            session.StartedAt,
            session.UsedAt
        );
}
