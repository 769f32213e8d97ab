using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>
/// Sends one test event of any type now, on the very way of real ones, and says how it ended: a class and a status,
/// never what the endpoint answered. Where the endpoint takes it, everything that waits goes out at once. What it tells
/// of is made up, marked as synthetic, and stored nowhere.
/// </summary>
internal static class SendTestEvent
{
    internal static async Task<Results<Ok<TestResult>, ProblemHttpResult>> Handle(
        string id,
        SendTestEventRequest? request,
        Caller caller,
        NotificationDb db,
        ChannelCatalogue channels,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (EventCatalogue.Find(request?.Type ?? AlertSignalTypes.Test) is not { } kind)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "type-unknown",
                "type must be one of the catalogue, GET /events.",
                new FieldError("type", "is no type of the catalogue")
            );
        }

        if (await db.FindAsync(caller.Organisation, id, cancellationToken) is not { } subscription)
            return Refusal.NotFound();
        var now = clock.GetUtcNow();
        var testId = Guid.CreateVersion7(now);
        var channel = channels[subscription.Channel];
        if (channel.Compose(subscription, kind.Synthetic(caller.Organisation, now), now) is not { } message)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "channel-without-test",
                $"The {channel.Kind} channel has no test event of this type."
            );
        }

        db.Audit(caller, "subscription.test", subscription.Id);
        await db.SaveChangesAsync(cancellationToken);

        var started = clock.GetTimestamp();
        var answer = await channel.SendAsync(
            new Outgoing($"msg_{testId:N}", Recipient.Of(subscription, now), message.Body),
            cancellationToken
        );
        if (answer.Outcome is AttemptOutcome.Delivered)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.ResetEndpointAsync(subscription.Id, clock.GetUtcNow(), cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
        }
        return TypedResults.Ok(
            new TestResult(
                $"msg_{testId:N}",
                answer.Outcome,
                answer.Status,
                (int)clock.GetElapsedTime(started).TotalMilliseconds
            )
        );
    }

    /// <param name="WebhookId">The event's webhook-id.</param>
    /// <param name="Outcome">How the attempt ended.</param>
    /// <param name="Status">The HTTP status, where there was one.</param>
    /// <param name="DurationMs">How long it took.</param>
    internal sealed record TestResult(string WebhookId, AttemptOutcome Outcome, int? Status, int DurationMs);
}

/// <param name="Type">Of the catalogue (<c>GET /events</c>); a plain test where not given.</param>
internal sealed record SendTestEventRequest(string? Type);
