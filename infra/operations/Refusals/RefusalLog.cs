using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Safeguarding.Messaging.Storage;
using Safeguarding.Operations.Sources;

namespace Safeguarding.Operations.Refusals;

/// <summary>
/// Keeps what a route refused for 30 days, in rows without personal data. A caller never waits for it and never fails
/// by it: what is recorded goes to a buffer and from there to the database, in a transaction of its own, so that a
/// refusal stays when the request's is rolled back. While the database is unavailable the buffer fills; what no longer
/// fits is counted in <c>hub.refusals.dropped</c>.
/// </summary>
public sealed partial class RefusalLog : BackgroundService
{
    /// <summary>Rows kept of one organisation in one hour by one replica; more are counted, not kept.</summary>
    public const int MostRowsPerHour = 1_000;

    private const int Capacity = 10_000;
    private const int MostTogether = 500;
    private const int LongestText = 300;
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(2);

    private readonly RefusalStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<RefusalLog> _logger;
    private readonly Channel<Entry> _buffer = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(Capacity) { SingleReader = true }
    );
    private readonly Dictionary<string, int> _rowsOfHour = new(StringComparer.Ordinal);
    private DateTimeOffset _hour;

    internal RefusalLog(RefusalStore store, TimeProvider clock, ILogger<RefusalLog> logger) =>
        (_store, _clock, _logger) = (store, clock, logger);

    /// <summary>This has been refused. Returns at once.</summary>
    public void Refused(RefusedItem item)
    {
        OperationsMetrics.Refused.Add(1, Tag("organisation", item.Organisation), Tag("code", item.Code));
        var now = _clock.GetUtcNow();
        Buffer(new Entry(Guid.CreateVersion7(now), now, item, item.Subjects));
    }

    /// <summary>
    /// Something has been accepted and committed: the organisation's open refusals under any of these digests are
    /// closed. Returns at once.
    /// </summary>
    /// <param name="subjects">Digests made as those of <see cref="RefusedItem.Subjects"/>, under every key of the
    /// ring.</param>
    public void Accepted(IReadOnlyList<byte[]> subjects)
    {
        if (subjects.Count > 0)
            Buffer(new Entry(Guid.Empty, _clock.GetUtcNow(), null, subjects));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var entries = new List<Entry>(MostTogether);
        try
        {
            while (await _buffer.Reader.WaitToReadAsync(stoppingToken))
            {
                Take(entries);
                // What was accepted is nearly all there is, and nobody waits for it: many share one statement.
                if (entries.TrueForAll(entry => entry.Item is null))
                {
                    await Task.Delay(Gather, _clock, stoppingToken);
                    Take(entries);
                }

                await WriteUntilDoneAsync(entries, stoppingToken);
                entries.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteTheRestAsync(entries);
        }
    }

    private void Buffer(Entry entry)
    {
        if (!_buffer.Writer.TryWrite(entry))
            OperationsMetrics.RefusalsDropped.Add(1, Tag("reason", "buffer"));
    }

    private void Take(List<Entry> entries)
    {
        while (entries.Count < MostTogether && _buffer.Reader.TryRead(out var entry))
            entries.Add(entry);
    }

    private async Task WriteUntilDoneAsync(List<Entry> entries, CancellationToken stoppingToken)
    {
        var work = Prepare(entries);
        while (true)
        {
            try
            {
                await _store.WriteAsync(work.Rows, work.Counts, work.Accepted, stoppingToken);
                return;
            }
            catch (Exception exception)
                when (TransientFaults.IsUnavailable(exception) && !stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(TryAgain, _clock, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Waiting would not help; the service must go on.
                OperationsMetrics.RefusalsDropped.Add(entries.Count, Tag("reason", "fault"));
                NotKept(_logger, entries.Count, TransientFaults.Name(exception));
                return;
            }
        }
    }

    // What was being written when the service was stopped is written again: a row has its id, so it is there once.
    private async Task WriteTheRestAsync(List<Entry> entries)
    {
        using var last = new CancellationTokenSource(LastWrite);
        try
        {
            do
            {
                Take(entries);
                var work = Prepare(entries);
                await _store.WriteAsync(work.Rows, work.Counts, work.Accepted, last.Token);
                entries.Clear();
            } while (_buffer.Reader.TryPeek(out _));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException || TransientFaults.IsDatabaseError(exception))
        {
            OperationsMetrics.RefusalsDropped.Add(entries.Count + _buffer.Reader.Count, Tag("reason", "stopped"));
        }
    }

    private Work Prepare(List<Entry> entries)
    {
        var work = new Work([], [], []);
        foreach (var (id, at, item, subjects) in entries)
        {
            if (item is null)
            {
                work.Accepted.AddRange(subjects.Select(subject => (at, subject)));
                continue;
            }

            var count = new RefusalCount(item.Organisation, Rhythm.Floor(at), item.Code);
            work.Counts[count] = work.Counts.GetValueOrDefault(count) + 1;
            if (MayKeep(item.Organisation, count.Hour))
            {
                work.Rows.Add(
                    (id, at, item with { Path = Shortened(item.Path), RequestId = Shortened(item.RequestId) })
                );
            }
            else
            {
                OperationsMetrics.RefusalsDropped.Add(1, Tag("reason", "cap"));
            }
        }

        return work;
    }

    private bool MayKeep(string organisation, DateTimeOffset hour)
    {
        if (hour > _hour)
        {
            _hour = hour;
            _rowsOfHour.Clear();
        }

        var rows = _rowsOfHour.GetValueOrDefault(organisation);
        _rowsOfHour[organisation] = rows + 1;
        return rows < MostRowsPerHour;
    }

    private static string? Shortened(string? text) => text is { Length: > LongestText } ? text[..LongestText] : text;

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} refusals could not be stored ({Failure})")]
    private static partial void NotKept(ILogger logger, int count, string failure);

    private sealed record Entry(Guid Id, DateTimeOffset At, RefusedItem? Item, IReadOnlyList<byte[]> Subjects);

    private sealed record Work(
        List<(Guid Id, DateTimeOffset At, RefusedItem Item)> Rows,
        Dictionary<RefusalCount, int> Counts,
        List<(DateTimeOffset At, byte[] Subject)> Accepted
    );
}
