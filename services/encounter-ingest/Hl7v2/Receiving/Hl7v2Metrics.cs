using System.Diagnostics.Metrics;

namespace Safeguarding.EncounterIngest.Hl7v2.Receiving;

/// <summary>What became of messages, by organisation and event. Neither has anything of a person.</summary>
internal static class Hl7v2Metrics
{
    // The hub's meter: AddHub exports it.
    private static readonly Meter Meter = new("Safeguarding.Hub");

    private static readonly Counter<long> Messages = Meter.CreateCounter<long>(
        "hub.hl7v2.messages",
        "{message}",
        "HL7 v2 messages, by organisation, event and outcome (stored, repeated, older, passed over, refused, unanswered)"
    );

    private static readonly UpDownCounter<long> Open = Meter.CreateUpDownCounter<long>(
        "hub.hl7v2.connections",
        "{connection}",
        "MLLP connections that are open"
    );

    public static void Count(string organisation, string? trigger, string outcome) =>
        Messages.Add(1, new("organisation", organisation), new("event", trigger ?? "none"), new("outcome", outcome));

    public static void Connection(int change) => Open.Add(change);
}
