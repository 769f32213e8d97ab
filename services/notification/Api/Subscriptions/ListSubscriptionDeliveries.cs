using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>
/// What went, or is to go, to one of the council's endpoints, and how each attempt ended. Newest first.
/// </summary>
internal static class ListSubscriptionDeliveries
{
    private const int MostAtOnce = 200;
    private const int AttemptsOfEach = 10;

    internal static async Task<Results<Ok<ListSubscriptionDeliveriesPage>, ProblemHttpResult>> Handle(
        string id,
        Caller caller,
        NotificationDb db,
        CancellationToken cancellationToken,
        string? state = null,
        Guid? before = null,
        int limit = 50
    )
    {
        if (limit is < 1 or > MostAtOnce)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "limit-out-of-range",
                "limit must be 1 to 200.",
                new FieldError("limit", "1 to 200")
            );
        }

        if (QueryValue.Read<DeliveryState>("state", state, out var wanted) is { } error)
            return error;
        if (await db.FindAsync(caller.Organisation, id, cancellationToken) is not { } subscription)
            return Refusal.NotFound();

        var found = await db
            .Deliveries.AsNoTracking()
            .Where(delivery =>
                delivery.SubscriptionId == subscription.Id
                && (wanted == null || delivery.State == wanted)
                && (before == null || delivery.Id < before)
            )
            .OrderByDescending(delivery => delivery.Id)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);
        var page = found.Take(limit).ToList();
        return TypedResults.Ok(
            new ListSubscriptionDeliveriesPage(
                await SubscriptionDelivery.OfAsync(db, page, AttemptsOfEach, cancellationToken),
                found.Count > limit ? page[^1].Id : null
            )
        );
    }
}

/// <param name="Deliveries">Newest first, with the ten newest attempts at each.</param>
/// <param name="Before">Where there are more: ask again with this as <c>before</c>.</param>
internal sealed record ListSubscriptionDeliveriesPage(IReadOnlyList<SubscriptionDelivery> Deliveries, Guid? Before);
