using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Safeguarding.TestKit;

/// <summary>
/// Everything that a service says of its work, however low the level: log lines with their exceptions, the tags of
/// metrics, and traces. For tests that nothing personal is in it.
/// </summary>
public sealed class Overheard : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _said = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    private Overheard()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, meters) => meters.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Hear(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Hear(instrument, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Hear(instrument, tags));
        _meters.Start();
    }

    /// <summary>Listens to a service from here on.</summary>
    public static Overheard At(IServiceProvider services)
    {
        var overheard = new Overheard();
        // Other providers keep their level.
        var filter = new LoggerFilterRule(typeof(Overheard).FullName, null, LogLevel.Trace, null);
        services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>().CurrentValue.Rules.Add(filter);
        services.GetRequiredService<ILoggerFactory>().AddProvider(overheard);
        return overheard;
    }

    /// <summary>What was said so far.</summary>
    public IReadOnlyList<string> Said
    {
        get
        {
            _meters.RecordObservableInstruments();
            return [.. _said];
        }
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state)
    {
        _said.Enqueue($"scope: {Properties(state)}");
        return null;
    }

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _said.Enqueue($"log: {logLevel} {formatter(state, exception)} {Properties(state)} {exception}");

    /// <inheritdoc/>
    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private void Hear(Activity activity) =>
        _said.Enqueue(
            $"trace: {activity.DisplayName} {activity.StatusDescription} {Text(activity.TagObjects)} "
                + string.Join(' ', activity.Events.Select(e => $"{e.Name} {Text(e.Tags)}"))
                + string.Join(' ', activity.Baggage)
        );

    private void Hear(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _said.Enqueue($"metric: {instrument.Name} {Text(tags.ToArray())}");

    private static string Properties<T>(T state) =>
        state is IEnumerable<KeyValuePair<string, object?>> properties ? Text(properties) : $"{state}";

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));
}
