using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Registrations;

/// <summary>The children of the caller's council that another council has too, newest first.</summary>
internal static class ListRegistrations
{
    private const int MostAtOnce = 200;

    internal static async Task<Results<Ok<ListRegistrationsPage>, ProblemHttpResult>> Handle(
        Caller caller,
        NotificationDb db,
        CancellationToken cancellationToken,
        string? plan = null,
        Guid? before = null,
        int limit = 50
    )
    {
        if (LimitFault(limit, MostAtOnce) is { } error)
            return error;

        var found = await db
            .RegistrationNotices.AsNoTracking()
            .Where(notice =>
                notice.CouncilCode == caller.Organisation
                && (plan == null || notice.Reference == plan)
                && (before == null || notice.Id < before)
            )
            .OrderByDescending(notice => notice.Id)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);
        var page = found.Take(limit).ToList();
        foreach (var notice in page)
            db.Audit(caller, "registration.list", notice.Id);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(
            new ListRegistrationsPage(
                await RegistrationView.OfAsync(db, page, cancellationToken),
                found.Count > limit ? page[^1].Id : null
            )
        );
    }

    internal static ProblemHttpResult? LimitFault(int limit, int most) =>
        limit < 1 || limit > most
            ? Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "limit-out-of-range",
                $"limit must be 1 to {most}.",
                new FieldError("limit", $"1 to {most}")
            )
            : null;
}

/// <param name="Registrations">Newest first.</param>
/// <param name="Before">Where there are more: ask again with this as <c>before</c>.</param>
internal sealed record ListRegistrationsPage(IReadOnlyList<RegistrationView> Registrations, Guid? Before);
