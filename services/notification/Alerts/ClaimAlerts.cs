using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Alerts;

/// <summary>Hands a council's system the alerts that nobody there has taken yet, and keeps them from its other workers until the lease ends.</summary>
internal static class ClaimAlerts
{
    private const int MostAtOnce = 100;
    private const int ShortestLease = 10;
    private const int LongestLease = 900;

    internal static async Task<Results<Created<Claim>, NoContent, ProblemHttpResult>> Handle(
        Request? request, Caller caller, NotificationDb db, Sealer sealer, TimeProvider clock, HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (max, leaseSeconds) = (request?.Max ?? 10, request?.LeaseSeconds ?? 60);
        if (max is < 1 or > MostAtOnce)
            return Refusal.Problem(StatusCodes.Status400BadRequest, "max-out-of-range", "max must be 1 to 100.", new FieldError("max", "1 to 100"));
        if (leaseSeconds is < ShortestLease or > LongestLease)
            return Refusal.Problem(StatusCodes.Status400BadRequest, "lease-out-of-range", "leaseSeconds must be 10 to 900.", new FieldError("leaseSeconds", "10 to 900"));

        var now = clock.GetUtcNow();
        var lease = (Id: Guid.CreateVersion7(now), Until: now.AddSeconds(leaseSeconds));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // SKIP LOCKED: two workers of one council never get the same alert, and never wait for each other.
        var alerts = await db.Alerts.FromSql($"""
            UPDATE notification.alert SET lease_id = {lease.Id}, leased_until = {lease.Until}, claimed_version = version, disclosed = true
            WHERE id IN (
                SELECT id FROM notification.alert
                WHERE council_code = {caller.Organisation} AND in_feed AND (leased_until IS NULL OR leased_until <= {now})
                ORDER BY id LIMIT {max} FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).ToListAsync(cancellationToken);
        if (alerts is []) return TypedResults.NoContent();

        alerts.Sort((a, b) => a.Id.CompareTo(b.Id));
        foreach (var alert in alerts)
        {
            db.Add(AlertEntry.Of(alert, AlertDeed.Claimed, now, new Actor(ActorKind.System, caller.ClientId)));
            db.Audit(caller, "alert.claim", alert.Id);
        }
        await db.SaveChangesAsync(cancellationToken);
        var views = await db.ViewAsync(alerts, caller.Organisation, sealer, now, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Created((string?)null, new Claim(lease.Id, lease.Until, views));
    }

    /// <param name="Max">How many at most, 1 to 100; 10 where not given.</param>
    /// <param name="LeaseSeconds">For how long, 10 to 900; 60 where not given.</param>
    internal sealed record Request(int? Max, int? LeaseSeconds);

    /// <param name="LeaseId">Names this claim in the alerts' histories.</param>
    /// <param name="LeasedUntil">After this they are offered again.</param>
    /// <param name="Alerts">Oldest first.</param>
    internal sealed record Claim(Guid LeaseId, DateTimeOffset LeasedUntil, IReadOnlyList<AlertView> Alerts);
}
