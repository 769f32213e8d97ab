using System.Collections.Concurrent;
using System.Diagnostics;
using Polly.CircuitBreaker;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Faults;
using Safeguarding.Messaging.Storage;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery;

/// <summary>Carries one delivery to its endpoint and says how that ended.</summary>
internal sealed partial class AlertCourier(
    ChannelCatalogue channels,
    DeliveryStore store,
    AttemptRecorder recorder,
    Sealer sealer,
    TimeProvider clock,
    ILogger<AlertCourier> logger
)
{
    private readonly ConcurrentDictionary<Guid, Task> _underWay = [];

    /// <summary>Starts and returns: nobody waits for a council.</summary>
    public void Start(EndpointLane lane, DueDelivery delivery)
    {
        lane.Enter();
        _underWay[delivery.Id] = Task.Run(() => CarryAsync(lane, delivery));
    }

    /// <summary>Ends when nothing is under way any more.</summary>
    public Task FinishAsync() => Task.WhenAll(_underWay.Values);

    private async Task CarryAsync(EndpointLane lane, DueDelivery delivery)
    {
        try
        {
            await AttemptAsync(lane.Hold(delivery.EndpointEpoch), delivery);
        }
        catch (BrokenCircuitException)
        {
            await ReleaseAsync(delivery);
        }
        catch (Exception exception)
        {
            // Whatever it was, nobody else will say so. The lease ends by itself, and the delivery is due again.
            AttemptNotMade(logger, delivery.Id, exception.GetType().Name);
        }
        finally
        {
            lane.Leave();
            _underWay.TryRemove(delivery.Id, out _);
        }
    }

    private async Task AttemptAsync(EndpointHold hold, DueDelivery delivery)
    {
        ActivityContext.TryParse(delivery.TraceParent, null, isRemote: true, out var parent);
        using var span = DeliveryMetrics.Activities.StartActivity("deliver alert", ActivityKind.Producer, parent);
        span?.SetTag("hub.alert.id", delivery.AlertId)
            .SetTag("hub.delivery.id", delivery.Id)
            .SetTag("hub.attempt", delivery.Attempt);

        var channel = channels[delivery.To.Channel];
        var message = new Outgoing(delivery.MessageId, delivery.To, BodyOf(delivery));
        var at = clock.GetUtcNow();
        var started = clock.GetTimestamp();
        // Not cancelled on the way down: a request that is out may have arrived, and its end should be known.
        var answer = await hold.SendAsync(
            async token => await channel.SendAsync(message, token),
            CancellationToken.None
        );
        CrashPoint.Reached(CrashPoint.AfterDeliveryAnswer);
        var attempt = new Attempt(at, clock.GetElapsedTime(started), answer.Outcome, answer.Status);
        span?.SetTag("hub.outcome", answer.Outcome.ToString());

        var now = clock.GetUtcNow();
        DateTimeOffset? again =
            delivery.StepAfter(answer.Outcome) is NextStep.Retry
                ? now + RetrySchedule.WaitAfter(delivery.Attempt, answer.RetryAfter, Random.Shared.NextDouble())
                : null;
        recorder.Add(new EndedAttempt(delivery, attempt, again, SaysHowEndpointIs: hold.AttemptEnded(answer, at, now)));
        DeliveryMetrics.Attempted(delivery, attempt);
    }

    private async Task ReleaseAsync(DueDelivery delivery)
    {
        try
        {
            await store.ReleaseAsync(delivery.Id, clock.GetUtcNow(), CancellationToken.None);
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            AttemptNotMade(logger, delivery.Id, TransientFaults.Name(exception));
        }
    }

    private byte[] BodyOf(DueDelivery delivery) =>
        delivery.BodyKeyId is { } key ? sealer.Open(new Sealed<WebhookBody>(key, delivery.Body)).Bytes : delivery.Body;

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Delivery {DeliveryId} was not tried ({Failure}); it is due again when its lease ends"
    )]
    private static partial void AttemptNotMade(ILogger logger, Guid deliveryId, string failure);
}
