using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// Hands a council's system the alerts that nobody there has taken yet, and keeps them from its other workers until the
/// lease ends. Where there are none, it can wait for them.
/// </summary>
internal static class ClaimAlerts
{
    private const int MostAtOnce = 100;
    internal const int ShortestLease = 10;
    internal const int LongestLease = 900;
    private const int LongestWait = 30;

    /// <summary>How often one who waits looks for what another replica, or the end of a lease, has brought.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    internal static async Task<Results<Created<Claim>, NoContent, ProblemHttpResult>> Handle(
        ClaimAlertsRequest? request,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        FeedSignal signal,
        LongPollSlots slots,
        IHostApplicationLifetime lifetime,
        TimeProvider clock,
        HttpContext http,
        CancellationToken cancellationToken
    )
    {
        var (max, leaseSeconds, waitSeconds) = (
            request?.Max ?? 10,
            request?.LeaseSeconds ?? 60,
            request?.WaitSeconds ?? 0
        );
        if (max is < 1 or > MostAtOnce)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "max-out-of-range",
                "max must be 1 to 100.",
                new FieldError("max", "1 to 100")
            );
        }

        if (leaseSeconds is < ShortestLease or > LongestLease)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "lease-out-of-range",
                "leaseSeconds must be 10 to 900.",
                new FieldError("leaseSeconds", "10 to 900")
            );
        }

        if (waitSeconds is < 0 or > LongestWait)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "wait-out-of-range",
                "waitSeconds must be 0 to 30.",
                new FieldError("waitSeconds", "0 to 30")
            );
        }

        using var slot = waitSeconds == 0 ? null : slots.Take(caller.Organisation);
        if (slot?.Refused is { } full)
        {
            http.Response.Headers.RetryAfter = "5";
            return full is FeedRefusal.CouncilIsFull
                ? Refusal.Problem(
                    StatusCodes.Status429TooManyRequests,
                    "too-many-waiting",
                    $"{LongPollSlots.OfOneCouncil} requests of this council wait already. Claim with fewer workers, "
                        + "or without waitSeconds."
                )
                : Refusal.Problem(
                    StatusCodes.Status503ServiceUnavailable,
                    "feed-full",
                    "Too many requests wait at the feed. Claim without waitSeconds, or later."
                );
        }

        // A wait ends with the process that it is at: the next one is found by asking again.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        var deadline = clock.GetUtcNow().AddSeconds(waitSeconds);
        while (true)
        {
            var news = signal.NextAsync(caller.Organisation);
            if (await ClaimAsync(max, leaseSeconds, caller, db, sealer, clock, cancellationToken) is { } claim)
                return TypedResults.Created((string?)null, claim);
            var left = deadline - clock.GetUtcNow();
            if (left <= TimeSpan.Zero || lifetime.ApplicationStopping.IsCancellationRequested)
                return TypedResults.NoContent();
            await Task.WhenAny(news, Task.Delay(left < Look ? left : Look, clock, over.Token));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task<Claim?> ClaimAsync(
        int max,
        int leaseSeconds,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow().AsStored();
        var lease = (Id: Guid.CreateVersion7(now), Until: now.AddSeconds(leaseSeconds));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // SKIP LOCKED: two workers of one council never get the same alert, and never wait for each other. An array,
        // because a query may be run again for each row that it is compared with, and would then take more than max.
        var alerts = await db
            .Alerts.FromSql(
                $"""
                UPDATE notification.alert SET lease_id = {lease.Id}, leased_until = {lease.Until},
                    claimed_version = version, disclosed = true
                WHERE id = ANY(ARRAY(
                    SELECT id FROM notification.alert
                    WHERE council_code = {caller.Organisation} AND in_feed AND (leased_until IS NULL
                        OR leased_until <= {now})
                    ORDER BY id LIMIT {max} FOR UPDATE SKIP LOCKED))
                RETURNING *
                """
            )
            .ToListAsync(cancellationToken);
        if (alerts is [])
            return null;

        alerts.Sort((a, b) => a.Id.CompareTo(b.Id));
        foreach (var alert in alerts)
        {
            db.Add(AlertEntry.Of(alert, AlertEventType.Claimed, now, CallingActor.Of(caller)));
            db.Audit(caller, "alert.claim", alert.Id);
        }
        await db.SaveChangesAsync(cancellationToken);
        var views = await db.ViewAsync(alerts, caller.Organisation, sealer, now, cancellationToken);
        var failing = await db
            .Subscriptions.Where(subscription =>
                subscription.CouncilCode == caller.Organisation && subscription.FailingSince != null
            )
            .OrderBy(subscription => subscription.Name)
            .Select(subscription => new FailingEndpoint(subscription.Name, subscription.FailingSince!.Value))
            .ToListAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return new Claim(lease.Id, lease.Until, views, failing);
    }

    /// <param name="LeaseId">Renews this claim, and names it in the alerts' histories.</param>
    /// <param name="LeasedUntil">After this they are offered again.</param>
    /// <param name="Alerts">Oldest first.</param>
    /// <param name="FailingEndpoints">The council's subscriptions whose endpoints fail now.</param>
    internal sealed record Claim(
        Guid LeaseId,
        DateTimeOffset LeasedUntil,
        IReadOnlyList<AlertView> Alerts,
        IReadOnlyList<FailingEndpoint> FailingEndpoints
    );

    /// <param name="Subscription">The council's name for it.</param>
    /// <param name="Since">Since when.</param>
    internal sealed record FailingEndpoint(string Subscription, DateTimeOffset Since);
}

/// <param name="Max">How many at most, 1 to 100; 10 where not given.</param>
/// <param name="LeaseSeconds">For how long, 10 to 900; 60 where not given.</param>
/// <param name="WaitSeconds">For how long to wait where there are none, 0 to 30; 0 where not given.</param>
internal sealed record ClaimAlertsRequest(int? Max, int? LeaseSeconds, int? WaitSeconds);
