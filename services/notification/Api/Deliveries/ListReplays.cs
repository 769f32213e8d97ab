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

/// <summary>Deliveries that an operator had sent again.</summary>
/// <param name="Id">Of the replay.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="AskedBy">Which client asked, or which person.</param>
/// <param name="Reason">Why, as the operator wrote.</param>
/// <param name="From">Deliveries that were made at or after this time.</param>
/// <param name="Until">Deliveries that were made before this time.</param>
/// <param name="Council">GSS code; of all councils where not given.</param>
/// <param name="SubscriptionId">Of one endpoint alone.</param>
/// <param name="States">In which states deliveries were taken.</param>
/// <param name="Deliveries">How many there were.</param>
/// <param name="PerMinute">How many are sent in a minute at most.</param>
/// <param name="Waiting">How many of its deliveries wait: for their turn, or for an endpoint that fails.</param>
/// <param name="StoppedAt">When somebody stopped it.</param>
/// <param name="StoppedBy">Who did.</param>
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
