using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Deliveries;

/// <summary>The last hundred replays and how far they are, newest first.</summary>
internal static class ListReplays
{
    internal static async Task<Ok<List<ListReplaysView>>> Handle(
        NotificationDb db,
        CancellationToken cancellationToken
    ) =>
        TypedResults.Ok(
            await db
                .Replays.AsNoTracking()
                .OrderByDescending(replay => replay.AskedAt)
                .Take(100)
                .Select(replay => new ListReplaysView(
                    replay.Id,
                    replay.AskedAt,
                    replay.ClientId,
                    replay.Reason,
                    replay.WindowFrom,
                    replay.WindowUntil,
                    replay.CouncilCode,
                    replay.SubscriptionId,
                    replay.States,
                    replay.Deliveries,
                    replay.PerMinute,
                    db.ReplayedDeliveries.Count(row =>
                        row.ReplayId == replay.Id
                        && db.Deliveries.Any(delivery =>
                            delivery.Id == row.DeliveryId && delivery.State == DeliveryState.Waiting
                        )
                    ),
                    replay.StoppedAt,
                    replay.StoppedBy
                ))
                .ToListAsync(cancellationToken)
        );
}

/// <param name="Waiting">How many of its deliveries wait: for their turn, or for an endpoint that fails.</param>
internal sealed record ListReplaysView(
    Guid Id,
    DateTimeOffset AskedAt,
    string AskedBy,
    string Reason,
    DateTimeOffset From,
    DateTimeOffset Until,
    string? Council,
    Guid? SubscriptionId,
    IReadOnlyList<string> States,
    int Deliveries,
    int PerMinute,
    int Waiting,
    DateTimeOffset? StoppedAt,
    string? StoppedBy
);
