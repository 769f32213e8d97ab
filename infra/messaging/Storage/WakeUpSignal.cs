using System.Data.Common;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Safeguarding.Messaging.Faults;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// Wakes the one worker of this process that waits for it; many signals in a row are one. One that comes while nobody
/// waits is kept for the next wait.
/// </summary>
/// <example>
/// <code>
/// internal sealed class ReportSignal : WakeUpSignal;
///
/// while (!stoppingToken.IsCancellationRequested)
/// {
///     await WriteReportsAsync(stoppingToken);
///     await signal.WaitAsync(TimeSpan.FromSeconds(1), clock, stoppingToken);
/// }
/// </code>
/// </example>
public abstract class WakeUpSignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Wakes the worker, now or when it next waits.</summary>
    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Waits for a signal, but no longer than this: what another process or time has made due wakes
    /// nobody.</summary>
    /// <param name="atMost">How long.</param>
    /// <param name="clock">By which it is measured.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var poll = new CancellationTokenSource(atMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, poll.Token);
        try
        {
            await _channel.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up.
        }
    }
}

/// <summary>Wakes the relay of this process.</summary>
internal sealed class OutboxSignal : WakeUpSignal;

/// <summary>
/// Signals after the commit that made outbox rows visible. Every save commits a transaction, its own or one around it.
/// </summary>
internal sealed class OutboxNotifyInterceptor(OutboxSignal signal) : DbTransactionInterceptor
{
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
}
