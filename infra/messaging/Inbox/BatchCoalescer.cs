using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Safeguarding.Messaging.Inbox;

/// <summary>
/// Lets what arrives while all turns are taken share the next one: a transaction costs the same for one batch as for
/// four. What arrives when a turn is free has it at once, so nothing waits for company.
/// </summary>
[SuppressMessage(
    "Reliability",
    "CA1001",
    Justification = "Lives as long as the bus; a semaphore without a wait handle holds nothing."
)]
internal sealed class BatchCoalescer<TItem>(
    int turns,
    int most,
    Func<TItem, int> sizeOf,
    Func<IReadOnlyList<TItem>, CancellationToken, Task> take
)
{
    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private readonly SemaphoreSlim _turns = new(turns);

    /// <returns>When the item was taken; fails where its turn failed.</returns>
    public async Task RunAsync(TItem item, CancellationToken cancellationToken)
    {
        var own = new Waiting(item);
        _waiting.Enqueue(own);
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await RunBatchAsync(cancellationToken);
        }
        finally
        {
            _turns.Release();
        }

        // Every item brings a turn, so whoever took this one did so before.
        await own.Taken.Task;
    }

    private async Task RunBatchAsync(CancellationToken cancellationToken)
    {
        List<Waiting> together = [];
        for (var size = 0; size < most && _waiting.TryDequeue(out var next); size += sizeOf(next.Item))
            together.Add(next);
        if (together.Count == 0)
            return;
        try
        {
            await take(together.ConvertAll(waiting => waiting.Item), cancellationToken);
            together.ForEach(waiting => waiting.Taken.SetResult());
        }
        catch (Exception exception)
        {
            together.ForEach(waiting => waiting.Taken.SetException(exception));
        }
    }

    private sealed record Waiting(TItem Item)
    {
        public TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
