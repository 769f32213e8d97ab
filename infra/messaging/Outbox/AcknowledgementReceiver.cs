using Microsoft.Extensions.Logging;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Outbox;

/// <summary>
/// Deletes from the outbox what a listener has acknowledged. Waits while the database is unavailable, so that
/// no acknowledgement is parked.
/// </summary>
internal sealed partial class AcknowledgementReceiver(
    OutboxStore store,
    TimeProvider clock,
    ILogger<AcknowledgementReceiver> logger
)
{
    public Task RunAsync(BatchAcknowledgement receipt, CancellationToken cancellationToken) =>
        RetryWhileUnavailable.RunAsync(
            () => store.AcknowledgedAsync(receipt.Listener, receipt.PackIds, cancellationToken),
            exception => Pausing(logger, receipt.Listener, exception.GetType().Name),
            clock,
            cancellationToken
        );

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "An acknowledgement of {Listener} waits: the database is unavailable ({Failure})"
    )]
    private static partial void Pausing(ILogger logger, string listener, string failure);
}
