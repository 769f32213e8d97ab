using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>Keeps what a claim has handed out and nobody has answered yet, for a worker that needs longer.</summary>
internal static class RenewLease
{
    internal static async Task<Results<Ok<Renewal>, ProblemHttpResult>> Handle(
        Guid id,
        RenewLeaseRequest? request,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var leaseSeconds = request?.LeaseSeconds ?? 60;
        if (leaseSeconds is < ClaimAlerts.ShortestLease or > ClaimAlerts.LongestLease)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "lease-out-of-range",
                "leaseSeconds must be 10 to 900.",
                new FieldError("leaseSeconds", "10 to 900")
            );
        }

        var now = clock.GetUtcNow().AsStored();
        var until = now.AddSeconds(leaseSeconds);
        // A lease that has ended is not renewed: another worker may hold the alert since, or be about to.
        var renewed = await db
            .Database.SqlQuery<Guid>(
                $"""
                UPDATE notification.alert SET leased_until = {until}
                WHERE council_code = {caller.Organisation} AND lease_id = {id} AND leased_until > {now}
                RETURNING id AS "Value"
                """
            )
            .ToListAsync(cancellationToken);
        return renewed is [] ? Refusal.NotFound() : TypedResults.Ok(new Renewal(id, until, [.. renewed.Order()]));
    }

    /// <param name="LeaseId">The claim.</param>
    /// <param name="LeasedUntil">After this they are offered again.</param>
    /// <param name="Alerts">Which alerts it still holds: what was answered or withdrawn meanwhile is not among
    /// them.</param>
    internal sealed record Renewal(Guid LeaseId, DateTimeOffset LeasedUntil, IReadOnlyList<Guid> Alerts);
}

/// <param name="LeaseSeconds">For how long from now, 10 to 900; 60 where not given.</param>
internal sealed record RenewLeaseRequest(int? LeaseSeconds);
