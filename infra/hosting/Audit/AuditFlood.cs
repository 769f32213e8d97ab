using Microsoft.Extensions.Logging;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// Keeps a flood of refusals from filling the disk: of one person or client, act and reason the first
/// <see cref="MostSingle"/> of a minute have a record each, and the rest of that minute one record that counts them.
/// Empty answers to who polls are only counted, ten minutes in one record. A count is in memory for so long: a process
/// that is killed loses it, and no more.
/// </summary>
internal sealed class AuditFlood(AuditStore store, TimeProvider clock, ILogger<AuditFlood> logger)
    : RecurringWork(TimeSpan.FromSeconds(10), clock, logger)
{
    public const int MostSingle = 20;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Polls = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Window> _windows = [];

    /// <summary>
    /// Records a refusal, or counts it. It never fails: a refusal stands whether it is recorded or
    /// not.
    /// </summary>
    public async Task RefusedAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        if (!IsSingle(record))
            return;
        try
        {
            await store.AddAsync(record, cancellationToken);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException || TransientFaults.IsDatabaseError(exception))
        {
            // With the next count, when the database answers again.
            Counted(record, Minute);
        }
    }

    /// <summary>Counts what has no record of its own.</summary>
    public void Counted(AuditRecord record) => Counted(record, Polls);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await WriteAsync(Take(_ => true), cancellationToken);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException || TransientFaults.IsDatabaseError(exception))
        {
            // As a process that is killed.
        }
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        return WriteAsync(Take(window => window.Ends <= now), cancellationToken);
    }

    private bool IsSingle(AuditRecord record)
    {
        lock (_lock)
        {
            var window = WindowOf(record, Minute);
            if (++window.Single <= MostSingle)
                return true;
            Count(window, record);
            return false;
        }
    }

    private void Counted(AuditRecord record, TimeSpan length)
    {
        lock (_lock)
            Count(WindowOf(record, length), record);
    }

    private Window WindowOf(AuditRecord record, TimeSpan length)
    {
        var key = new Key(record.Organisation, record.ClientId, record.Person, record.Act, record.Outcome, record.Code);
        if (!_windows.TryGetValue(key, out var window))
            _windows[key] = window = new Window(record.At + length);
        return window;
    }

    private static void Count(Window window, AuditRecord record)
    {
        window.First ??= record;
        window.Times++;
    }

    private List<Window> Take(Func<Window, bool> isDue)
    {
        lock (_lock)
        {
            var due = _windows.Where(one => isDue(one.Value)).ToList();
            foreach (var (key, _) in due)
                _windows.Remove(key);
            return due.ConvertAll(one => one.Value);
        }
    }

    private async Task WriteAsync(List<Window> windows, CancellationToken cancellationToken)
    {
        foreach (var window in windows)
        {
            if (window.First is not { } record)
                continue;
            try
            {
                record.Times = window.Times;
                await store.AddAsync(record, cancellationToken);
            }
            catch (Exception)
            {
                // For the next run. What was written has its id, and is not written twice.
                foreach (var left in windows.SkipWhile(one => one != window).Where(one => one.First is not null))
                    PutBack(left);
                throw;
            }
        }
    }

    private void PutBack(Window window)
    {
        lock (_lock)
        {
            var now = WindowOf(window.First!, Minute);
            now.First ??= window.First;
            now.Times += window.Times;
        }
    }

    // With the person: all people of an organisation come by one client, and a record says who it was.
    private sealed record Key(
        string Organisation,
        string Client,
        string? Person,
        string Act,
        string? Outcome,
        string? Code
    );

    private sealed class Window(DateTimeOffset ends)
    {
        public DateTimeOffset Ends { get; } = ends;

        public int Single { get; set; }

        /// <summary>The first that was only counted: its record stands for all.</summary>
        public AuditRecord? First { get; set; }

        public int Times { get; set; }
    }
}
