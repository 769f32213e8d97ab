using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Safeguarding.Hosting.Telemetry;

internal static class HubMetrics
{
    public const string Name = "Safeguarding.Hub";

    public static readonly ActivitySource Activities = new(Name);
    public static readonly Meter Meter = new(Name);
    public static readonly Counter<long> Sent = Meter.CreateCounter<long>("hub.outbox.sent", "{pack}", "Outbox packs the broker confirmed");
    public static readonly Counter<long> SendFailed = Meter.CreateCounter<long>("hub.outbox.send_failed", "{pack}", "Outbox packs the broker did not take");
    public static readonly Counter<long> Consumed = Meter.CreateCounter<long>("hub.inbox.consumed", "{event}", "Events consumed for the first time");
    public static readonly Counter<long> Repeated = Meter.CreateCounter<long>("hub.inbox.repeated", "{event}", "Events that had been consumed before");
    public static readonly Counter<long> Parked = Meter.CreateCounter<long>("hub.parked", "{message}", "Messages parked for an operator");
    public static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("hub.consume.lag", "s", "From an event's commit at its sender to its commit at the listener");
}
