using Microsoft.Extensions.Logging;
using Safeguarding.Hosting.Inbox;
using Safeguarding.Hosting.Messaging;

namespace Safeguarding.Hosting.Outbox;

/// <summary>Takes out of the outbox what a listener says that it has; waits while the database is away, so that no operator is asked about a receipt.</summary>
internal sealed partial class AcknowledgementReceiver(OutboxStore store, TimeProvider clock, ILogger<AcknowledgementReceiver> logger)
{
    public Task RunAsync(PackReceipt receipt, CancellationToken cancellationToken) => RetryWhileUnavailable.RunAsync(
        () => store.ReceivedAsync(receipt.Listener, receipt.PackIds, cancellationToken),
        exception => Pausing(logger, receipt.Listener, exception.GetType().Name), clock, cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A receipt of {Listener} waits: the database is away ({Failure})")]
    private static partial void Pausing(ILogger logger, string listener, string failure);
}
