using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels.Webhook;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>
/// A new signing secret, shown this once. For a while the former one signs beside it, so that no receiver has
/// to change in the same second.
/// </summary>
internal static class RotateSecret
{
    private const int LongestOverlap = 168;
    private const int UsualOverlap = 24;
    private const int MostFormer = 4;

    internal static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> Handle(
        string id,
        RotateSecretRequest? request,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        HttpContext http,
        CancellationToken cancellationToken
    )
    {
        var overlap = request?.OverlapHours ?? UsualOverlap;
        if (overlap is < 0 or > LongestOverlap)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "overlap-out-of-range",
                "overlapHours must be 0 to 168.",
                new FieldError("overlapHours", "0 to 168")
            );
        }

        if (await db.FindAsync(caller.Organisation, id, cancellationToken) is not { } subscription)
            return Refusal.NotFound();

        var now = clock.GetUtcNow();
        if (overlap > 0 && FormerSecret.InForce(subscription.FormerSecrets, now) is { Count: >= MostFormer } formers)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "secrets-overlap",
                $"{MostFormer} former secrets still sign, and each was promised its time. The first ends at "
                    + $"{formers.Min(former => former.Until):O}."
            );
        }
        var secret = WebhookSignature.NewSecret();
        var atRest = sealer.Seal(secret);
        subscription.Rotate(atRest, now, TimeSpan.FromHours(overlap));
        db.Audit(caller, "subscription.rotate-secret", subscription.Id);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.ResetEndpointAsync(subscription.Id, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(SubscriptionView.Of(subscription, sealer, now, secret.Text));
    }
}

/// <param name="OverlapHours">For how long the former secret signs too, 0 to 168; 24 where not given. 0 where it is
/// known to others.</param>
internal sealed record RotateSecretRequest(int? OverlapHours);
