using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Deliveries;

/// <summary>
/// Stops a replay: what of it still waits becomes again what it was. An attempt under way is not called
/// back.
/// </summary>
internal static class StopReplay
{
    internal static async Task<Results<Ok<StopReplayAnswer>, ProblemHttpResult>> Handle(
        Guid id,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Replays.SingleOrDefaultAsync(replay => replay.Id == id, cancellationToken) is not { } replay)
            return Refusal.NotFound();

        var now = clock.GetUtcNow();
        var stopped = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE notification.delivery SET state = replayed.former_state, ended_at = {now}
            FROM notification.replayed_delivery AS replayed
            WHERE replayed.replay_id = {id} AND delivery.id = replayed.delivery_id AND delivery.state = 'Waiting'
                AND (delivery.leased_until IS NULL OR delivery.leased_until <= {now})
                AND NOT EXISTS (
                    SELECT FROM notification.replayed_delivery AS later
                    WHERE later.delivery_id = replayed.delivery_id AND later.due_at > replayed.due_at
                        AND later.replay_id <> replayed.replay_id)
            """,
            cancellationToken
        );
        if (replay.StoppedAt is null)
            (replay.StoppedAt, replay.StoppedBy) = (now, caller.ClientId);
        db.Audit(caller, "deliveries.replay.stop", id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(new StopReplayAnswer(id, stopped));
    }
}

/// <param name="Replay">The replay.</param>
/// <param name="Deliveries">How many were taken back.</param>
internal sealed record StopReplayAnswer(Guid Replay, int Deliveries);
