namespace Safeguarding.Messaging;

/// <summary>What waits in the outbox and beside it, for gauges and for health.</summary>
/// <param name="OldestUnsent">Age of the oldest row the broker has not confirmed, or null.</param>
/// <param name="OldestUnreceived">Age of the oldest row some listener has not confirmed, or null.</param>
/// <param name="Unsent">Rows the broker has not confirmed.</param>
/// <param name="Unreceived">Rows some listener has not confirmed.</param>
/// <param name="Parked">Parked messages that wait for an operator.</param>
internal sealed record OutboxState(
    TimeSpan? OldestUnsent,
    TimeSpan? OldestUnreceived,
    long Unsent,
    long Unreceived,
    long Parked
);
