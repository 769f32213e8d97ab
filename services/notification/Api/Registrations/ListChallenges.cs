using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Registrations;

/// <summary>
/// Registrations that a council has challenged, for who judges them: the hub's own people see all, others those that
/// their organisation has challenged.
/// </summary>
internal static class ListChallenges
{
    private const int MostAtOnce = 200;

    internal static async Task<Results<Ok<ListChallengesPage>, ProblemHttpResult>> Handle(
        Caller caller,
        NotificationDb db,
        CancellationToken cancellationToken,
        Guid? before = null,
        int limit = 50
    )
    {
        if (ListRegistrations.LimitFault(limit, MostAtOnce) is { } error)
            return error;
        var all = OrganisationKinds.Of(caller.Organisation) is OrganisationKind.Hub;
        var found = await db
            .RegistrationNotices.AsNoTracking()
            .Where(notice =>
                notice.ChallengedAt != null
                && (all || notice.CouncilCode == caller.Organisation)
                && (before == null || notice.Id < before)
            )
            .OrderByDescending(notice => notice.Id)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);
        var page = found.Take(limit).ToList();
        foreach (var notice in page)
            db.Audit(caller, "registration.challenge.list", notice.Id, concerning: [notice.CouncilCode]);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(
            new ListChallengesPage(
                page.ConvertAll(notice => new Challenge(
                    notice.Id,
                    notice.CouncilCode,
                    all || notice.OtherIsNamed ? notice.OtherCouncilCode : null,
                    notice.IsRegistrant ? notice.CouncilCode
                        : all || notice.OtherIsNamed ? notice.OtherCouncilCode
                        : null,
                    notice.RegisteredAt,
                    notice.ChallengedAt!.Value,
                    notice.ChallengeReason!
                )),
                found.Count > limit ? page[^1].Id : null
            )
        );
    }

    /// <param name="RegistrationId">What the challenging council calls it.</param>
    /// <param name="CouncilCode">Who challenges.</param>
    /// <param name="OtherCouncil">The other council; null where it may not be shown.</param>
    /// <param name="RegisteringCouncil">Which of the two registered the child when the other had it.</param>
    /// <param name="RegisteredAt">When.</param>
    /// <param name="ChallengedAt">When it was challenged.</param>
    /// <param name="Reason">Why, as it was written.</param>
    internal sealed record Challenge(
        Guid RegistrationId,
        string CouncilCode,
        string? OtherCouncil,
        string? RegisteringCouncil,
        DateTimeOffset RegisteredAt,
        DateTimeOffset ChallengedAt,
        string Reason
    );
}

/// <param name="Challenges">Newest registration first.</param>
/// <param name="Before">Where there are more: ask again with this as <c>before</c>.</param>
internal sealed record ListChallengesPage(IReadOnlyList<ListChallenges.Challenge> Challenges, Guid? Before);
