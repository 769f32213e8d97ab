using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Operations.Sources;

/// <summary>What is known of one source.</summary>
/// <param name="Organisation">ODS code of a trust, GSS code of a council.</param>
/// <param name="LastArrivalAt">When it last sent something.</param>
/// <param name="State">What its silence means.</param>
/// <param name="ExpectedSince">How many arrivals it would usually have sent since; null while its rhythm is being
/// learned.</param>
/// <param name="ChanceOfSilence">The chance of so long a silence although all is well; null while its rhythm is being
/// learned.</param>
public sealed record Source(
    string Organisation,
    DateTimeOffset LastArrivalAt,
    SourceState State,
    double? ExpectedSince,
    double? ChanceOfSilence
);

/// <summary>What the silence of a source means.</summary>
public enum SourceState
{
    /// <summary>Known for less than two weeks: its rhythm is not known yet.</summary>
    Learning,

    /// <summary>As usual.</summary>
    Heard,

    /// <summary>Something is wrong with it, or on the way from it.</summary>
    Silent,
}

/// <summary>
/// Notices that a source no longer sends: a trust whose interface engine is stuck looks, to everybody else, like a
/// trust without children. Each source is measured against its own rhythm by hour and weekday.
/// </summary>
public sealed partial class SourceWatch : BackgroundService
{
    /// <summary>Once in ten thousand times at a source where all is well.</summary>
    public const double Strange = 1e-4;

    // After our own absence every source has been silent; those that are well come within this time.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    private readonly SourceStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<SourceWatch> _logger;
    private readonly Lock _lock = new();

    // Who asks while the minute's look is under way must not read past what that look has taken and not yet stored.
    private readonly SemaphoreSlim _oneLook = new(1, 1);
    private readonly DateTimeOffset _upSince;
    private Dictionary<string, (int Arrivals, DateTimeOffset Last)> _seen = new(StringComparer.Ordinal);
    private Dictionary<string, Rhythm?> _rhythms = new(StringComparer.Ordinal);
    private DateTimeOffset _learnedUntil;
    private HashSet<string> _silent = new(StringComparer.Ordinal);

    internal SourceWatch(SourceStore store, TimeProvider clock, ILogger<SourceWatch> logger) =>
        (_store, _clock, _logger, _upSince) = (store, clock, logger, clock.GetUtcNow());

    /// <summary>Something of this organisation's has been accepted.</summary>
    public void Heard(string organisation, int arrivals = 1)
    {
        var now = _clock.GetUtcNow();
        lock (_lock)
            _seen[organisation] = (_seen.GetValueOrDefault(organisation).Arrivals + arrivals, now);
    }

    /// <summary>Every source, silent ones first.</summary>
    public async Task<IReadOnlyList<Source>> SourcesAsync(CancellationToken cancellationToken)
    {
        await _oneLook.WaitAsync(cancellationToken);
        try
        {
            await KeepAsync(cancellationToken);
            var now = _clock.GetUtcNow();
            await LearnAsync(now, cancellationToken);
            var sources = await _store.ListAsync(cancellationToken);
            return
            [
                .. sources
                    .Select(source =>
                        Judge(source.Organisation, source.Last, _rhythms.GetValueOrDefault(source.Organisation), now)
                    )
                    .OrderByDescending(source => source.State)
                    .ThenBy(source => source.Organisation, StringComparer.Ordinal),
            ];
        }
        finally
        {
            _oneLook.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _oneLook.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was counted since the last look is lost with the process: less than a minute of a rhythm.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var sources = await SourcesAsync(cancellationToken);
            var silent = sources
                .Where(source => source.State == SourceState.Silent)
                .Select(source => source.Organisation)
                .ToHashSet(StringComparer.Ordinal);
            foreach (var organisation in silent.Except(_silent))
                FellSilent(_logger, organisation);
            foreach (var organisation in _silent.Except(silent))
                IsHeardAgain(_logger, organisation);
            OperationsMetrics.Silent = [.. silent];
            _silent = silent;
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            // Readiness says that the database is unavailable.
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, (int Arrivals, DateTimeOffset Last)> seen;
        lock (_lock)
        {
            if (_seen.Count == 0)
                return;
            (seen, _seen) = (_seen, new(StringComparer.Ordinal));
        }

        try
        {
            await _store.AddAsync(seen, cancellationToken);
        }
        catch
        {
            lock (_lock)
            {
                foreach (var (organisation, kept) in seen)
                {
                    var since = _seen.GetValueOrDefault(organisation);
                    _seen[organisation] = (
                        kept.Arrivals + since.Arrivals,
                        since.Last > kept.Last ? since.Last : kept.Last
                    );
                }
            }

            throw;
        }
    }

    private async Task LearnAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Rhythm.Floor(now) <= _learnedUntil)
            return;
        var sources = await _store.ListAsync(cancellationToken);
        var hours = await _store.HoursAsync(now - TimeSpan.FromDays((7 * Rhythm.MostWeeks) + 1), cancellationToken);
        // A silence that goes on is no part of the rhythm: otherwise it would become usual in time.
        _rhythms = sources.ToDictionary(
            source => source.Organisation,
            source => Rhythm.Learn(source.First, hours.GetValueOrDefault(source.Organisation) ?? [], source.Last),
            StringComparer.Ordinal
        );
        _learnedUntil = Rhythm.Floor(now);
    }

    private Source Judge(string organisation, DateTimeOffset last, Rhythm? rhythm, DateTimeOffset now)
    {
        if (rhythm is null)
            return new(organisation, last, SourceState.Learning, null, null);
        var chance = rhythm.ChanceOfSilence(last, now);
        var silent = chance < Strange && now - _upSince >= Grace;
        return new(
            organisation,
            last,
            silent ? SourceState.Silent : SourceState.Heard,
            rhythm.Expected(last, now),
            chance
        );
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Source {Organisation} has sent nothing for an unusually long time: see GET /ops/sources"
    )]
    private static partial void FellSilent(ILogger logger, string organisation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Source {Organisation} is sending again")]
    private static partial void IsHeardAgain(ILogger logger, string organisation);
}
