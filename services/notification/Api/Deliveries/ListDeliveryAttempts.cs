using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Deliveries;

/// <summary>Every attempt at one delivery, the newest first: where, when, how long, how it ended, when again.</summary>
internal static class ListDeliveryAttempts
{
    private const int Most = 1000;

    internal static async Task<Results<Ok<List<AttemptView>>, ProblemHttpResult>> Handle(
        Guid id,
        NotificationDb db,
        CancellationToken cancellationToken
    )
    {
        if (!await db.Deliveries.AnyAsync(delivery => delivery.Id == id, cancellationToken))
            return Refusal.NotFound();
        return TypedResults.Ok(
            await db
                .DeliveryAttempts.Where(attempt => attempt.DeliveryId == id)
                .OrderByDescending(attempt => attempt.Id)
                .Take(Most)
                .Select(attempt => new AttemptView(
                    attempt.Number,
                    attempt.Endpoint,
                    attempt.At,
                    attempt.DurationMs,
                    attempt.Outcome,
                    attempt.Status,
                    attempt.NextAttemptAt
                ))
                .ToListAsync(cancellationToken)
        );
    }

    internal sealed record AttemptView(
        int Number,
        string Endpoint,
        DateTimeOffset At,
        int DurationMs,
        AttemptOutcome Outcome,
        int? Status,
        DateTimeOffset? NextAttemptAt
    );
}
