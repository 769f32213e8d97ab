using System.Collections.Concurrent;

namespace Safeguarding.Notification.Delivery;

/// <summary>Wakes those of a council who wait at this process's feed for news.</summary>
internal sealed class FeedSignal
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waits = new(StringComparer.Ordinal);

    /// <summary>Take it before looking, so that nothing that comes between looking and waiting is missed.</summary>
    public Task NextAsync(string councilCode) =>
        _waits
            .GetOrAdd(councilCode, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .Task;

    public void Set(string councilCode)
    {
        if (_waits.TryRemove(councilCode, out var wait))
            wait.TrySetResult();
    }
}
