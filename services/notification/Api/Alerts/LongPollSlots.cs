using System.Collections.Concurrent;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// Who waits at the feed: so many of one council and so many in all, so that no council's workers keep
/// another's out.
/// </summary>
internal sealed class LongPollSlots
{
    public const int OfOneCouncil = 16;
    public const int InAll = 1000;

    private readonly ConcurrentDictionary<string, int> _byCouncil = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Dispose what is taken to give it back.</summary>
    public LongPollSlot Take(string councilCode)
    {
        if (Interlocked.Increment(ref _all) > InAll)
        {
            Interlocked.Decrement(ref _all);
            return new LongPollSlot(null, FeedRefusal.HubIsFull);
        }
        if (_byCouncil.AddOrUpdate(councilCode, 1, (_, taken) => taken + 1) > OfOneCouncil)
        {
            GiveBack(councilCode);
            return new LongPollSlot(null, FeedRefusal.CouncilIsFull);
        }
        return new LongPollSlot(() => GiveBack(councilCode), null);
    }

    private void GiveBack(string councilCode)
    {
        _byCouncil.AddOrUpdate(councilCode, 0, (_, taken) => taken - 1);
        Interlocked.Decrement(ref _all);
    }

    internal sealed record LongPollSlot(Action? GiveBack, FeedRefusal? Refused) : IDisposable
    {
        public void Dispose() => GiveBack?.Invoke();
    }
}

internal enum FeedRefusal
{
    CouncilIsFull,
    HubIsFull,
}
