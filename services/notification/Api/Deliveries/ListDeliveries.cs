using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Deliveries;

/// <summary>
/// All councils' deliveries for the people who run the hub: ids, times and outcomes, nothing of any child.
/// Newest first.
/// </summary>
internal static class ListDeliveries
{
    private const int MostAtOnce = 500;

    internal static async Task<Results<Ok<ListDeliveriesPage>, ProblemHttpResult>> Handle(
        NotificationDb db,
        CancellationToken cancellationToken,
        string? state = null,
        string? council = null,
        Guid? before = null,
        int limit = 100
    )
    {
        if (limit is < 1 or > MostAtOnce)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "limit-out-of-range",
                "limit must be 1 to 500.",
                new FieldError("limit", "1 to 500")
            );
        }

        if (QueryValue.Read<DeliveryState>("state", state, out var wanted) is { } error)
            return error;

        var found = await db
            .Deliveries.Where(delivery => wanted == null || delivery.State == wanted)
            .Where(delivery => council == null || delivery.CouncilCode == council)
            .Where(delivery => before == null || delivery.Id < before)
            .OrderByDescending(delivery => delivery.Id)
            .Take(limit + 1)
            .Select(delivery => new DeliveryView(
                delivery.Id,
                delivery.SubscriptionId,
                delivery.CouncilCode,
                delivery.AlertId,
                delivery.AlertVersion,
                delivery.EventType,
                delivery.State,
                delivery.Attempts,
                delivery.LastOutcome,
                delivery.CreatedAt,
                delivery.State == DeliveryState.Waiting ? delivery.NextAttemptAt : null,
                delivery.EndedAt
            ))
            .ToListAsync(cancellationToken);
        var page = found.Take(limit).ToList();
        return TypedResults.Ok(new ListDeliveriesPage(page, found.Count > limit ? page[^1].Id : null));
    }

    internal sealed record DeliveryView(
        Guid Id,
        Guid SubscriptionId,
        string CouncilCode,
        Guid? AlertId,
        long AlertVersion,
        string EventType,
        DeliveryState State,
        int Attempts,
        AttemptOutcome? LastOutcome,
        DateTimeOffset CreatedAt,
        DateTimeOffset? NextAttemptAt,
        DateTimeOffset? EndedAt
    );
}

/// <param name="Deliveries">Newest first.</param>
/// <param name="Before">Where there are more: ask again with this as <c>before</c>.</param>
internal sealed record ListDeliveriesPage(IReadOnlyList<ListDeliveries.DeliveryView> Deliveries, Guid? Before);
