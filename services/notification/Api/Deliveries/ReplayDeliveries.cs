using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery.Replays;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Deliveries;

/// <summary>
/// Sends ended deliveries of a window again: counted by a dry run first, at a set pace, until stopped, each noted in
/// its alert's history.
/// </summary>
internal static class ReplayDeliveries
{
    internal static async Task<Results<Ok<ReplayDeliveriesAnswer>, ProblemHttpResult>> Handle(
        ReplayRequest request,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (request.ValidationError() is { } error)
            return error;
        var selection = request.Selection();
        if (request.DryRun is true)
        {
            var counted = await db.ChooseAsync(selection, cancellationToken);
            return TypedResults.Ok(
                new ReplayDeliveriesAnswer(true, Guid.CreateVersion7(), counted.Count, Groups(counted), null)
            );
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The same request twice at once: the second waits here, and then finds the first.
        await db.Database.ExecuteSqlAsync(
            $"SELECT pg_advisory_xact_lock(hashtextextended({$"replay:{request.Nonce}"}, 0))",
            cancellationToken
        );
        if (
            await db
                .Replays.AsNoTracking()
                .SingleOrDefaultAsync(known => known.Id == request.Nonce, cancellationToken) is
            { } same
        )
        {
            return TypedResults.Ok(new ReplayDeliveriesAnswer(false, same.Id, same.Deliveries, [], null));
        }

        var chosen = await db.ChooseAsync(selection, cancellationToken);
        if (chosen.Count != request.Expect)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "count-differs",
                $"{chosen.Count} deliveries fit now. Look at them by a dry run and name its count in expect.",
                new FieldError("expect", "is not the number of deliveries that fit")
            );
        }

        var now = clock.GetUtcNow();
        var replay = new Replay
        {
            Id = request.Nonce!.Value,
            AskedAt = now,
            Organisation = caller.Organisation,
            ClientId = caller.ClientId,
            Reason = request.Reason!,
            WindowFrom = selection.From,
            WindowUntil = selection.Until,
            CouncilCode = request.Council,
            SubscriptionId = request.SubscriptionId,
            States = [.. selection.States],
            Deliveries = chosen.Count,
            PerMinute = request.Pace(),
        };
        db.Add(replay);
        db.Audit(caller, "deliveries.replay", replay.Id, replay.Reason);
        await db.SaveChangesAsync(cancellationToken);
        await db.SendAgainAsync(replay, chosen, now, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(
            new ReplayDeliveriesAnswer(
                false,
                replay.Id,
                chosen.Count,
                Groups(chosen),
                chosen.Count == 0 ? null : now + ReplayRows.Gap(replay) * (chosen.Count - 1)
            )
        );
    }

    private static List<ReplayDeliveriesGroup> Groups(List<ChosenDelivery> chosen) =>
        [
            .. chosen
                .GroupBy(row => (row.CouncilCode, row.State))
                .OrderBy(group => group.Key.CouncilCode, StringComparer.Ordinal)
                .Select(group => new ReplayDeliveriesGroup(group.Key.CouncilCode, group.Key.State, group.Count())),
        ];
}

/// <param name="DryRun">Whether nothing was changed.</param>
/// <param name="Nonce">Of a dry run: name it in the replay. Of a replay: its id, for stopping and looking at
/// it.</param>
/// <param name="Deliveries">How many are, or would be, sent again.</param>
/// <param name="Groups">The same by council and state.</param>
/// <param name="LastDueAt">When the last of them is due at this pace.</param>
internal sealed record ReplayDeliveriesAnswer(
    bool DryRun,
    Guid Nonce,
    int Deliveries,
    IReadOnlyList<ReplayDeliveriesGroup> Groups,
    DateTimeOffset? LastDueAt
);

internal sealed record ReplayDeliveriesGroup(string Council, DeliveryState State, int Deliveries);
