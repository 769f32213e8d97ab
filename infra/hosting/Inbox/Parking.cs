using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Safeguarding.Hosting.Faults;
using Safeguarding.Hosting.Storage;
using Safeguarding.Hosting.Telemetry;

namespace Safeguarding.Hosting.Inbox;

/// <summary>Puts messages that fail while others pass where an operator finds them.</summary>
internal sealed partial class Parking(HubDbContext db, ILogger<Parking> logger)
{
    public async Task ParkAsync(ParkedMessage message, CancellationToken cancellationToken)
    {
        db.Add(message);
        await db.SaveChangesAsync(cancellationToken);
        CrashPoint.Reached(CrashPoint.AfterPark);
        HubMetrics.Parked.Add(1);
        Parked(logger, message.Id, message.Consumer, message.Reason, message.ExceptionType);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Parked message {ParkedId} of {Consumer}: {Reason} ({ExceptionType})")]
    private static partial void Parked(ILogger logger, Guid parkedId, string consumer, string reason, string? exceptionType);
}

/// <summary>
/// Takes the place of MassTransit's error and skipped queues: what cannot even be read, or came back over the delivery limit, is parked in Postgres.
/// </summary>
internal sealed class ParkFilter(IServiceScopeFactory scopes, string consumer, string reason, TimeProvider clock)
    : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        // A stop in the middle is no fault of the message: it goes back to its queue.
        context.Exception is OperationCanceledException or ObjectDisposedException
            ? Task.FromException(context.Exception)
            : ParkAsync(context, context.Exception);

    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => ParkAsync(context, null);

    public void Probe(ProbeContext context) => context.CreateFilterScope("park");

    private async Task ParkAsync(ReceiveContext context, Exception? exception)
    {
        // A message that could not be read counts as failed and then, to MassTransit, as not consumed either.
        if (context.HasPayloadType(typeof(AlreadyParked)))
            return;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Parking>().ParkAsync(
            new ParkedMessage
            {
                Id = Guid.CreateVersion7(),
                Consumer = consumer,
                Body = context.Body.GetBytes(),
                Reason = reason,
                ExceptionType = exception?.GetBaseException().GetType().FullName,
                ParkedAt = clock.GetUtcNow(),
            }, CancellationToken.None);
        context.GetOrAddPayload(() => new AlreadyParked());
    }

    private sealed class AlreadyParked;
}
