using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Safeguarding.Messaging.Faults;

namespace Safeguarding.Messaging.Storage;

/// <summary>Wakes the relay of this process.</summary>
internal sealed class OutboxSignal : WakeUpSignal;

/// <summary>Signals after the commit that made outbox rows visible, not after the save inside a transaction.</summary>
internal sealed class OutboxNotifyInterceptor(OutboxSignal signal) : DbTransactionInterceptor, ISaveChangesInterceptor
{
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        signal.Set();

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        CrashPoint.Reached(CrashPoint.BeforeCommit);
        return ValueTask.FromResult(result);
    }

    public override Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        CrashPoint.Reached(CrashPoint.AfterCommit);
        signal.Set();
        return Task.CompletedTask;
    }

    // A save of a single statement opens no transaction of its own.
    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context?.Database.CurrentTransaction is null)
            signal.Set();
        return ValueTask.FromResult(result);
    }
}
