using System.Diagnostics;

namespace Safeguarding.Messaging;

/// <summary>
/// Consumes one kind of event. Make implementations public, sealed and named for what they do
/// (<c>MatchEncountersConsumer</c>); the queue's name comes from it. Runs inside the inbox's transaction: what it
/// writes, what it publishes and the note that the events were taken are committed together. Throw on failure: the
/// batch is then tried one by one, and what fails alone is parked.
/// </summary>
/// <typeparam name="TEvent">An event of the contracts.</typeparam>
public interface IConsumer<TEvent>
    where TEvent : class
{
    /// <summary>
    /// Handles events that this consumer has not taken before, in the order they were published; never empty,
    /// often one.
    /// </summary>
    Task Consume(IReadOnlyList<Received<TEvent>> batch, CancellationToken cancellationToken);
}

/// <summary>An event as it arrived.</summary>
/// <typeparam name="TEvent">An event of the contracts.</typeparam>
/// <param name="EventId">The event's own id: the inbox's key, the same over every repeat.</param>
/// <param name="PublishedAt">When its sender committed it.</param>
/// <param name="Event">The event.</param>
/// <param name="Trace">Where its trace stands; pass it on by publishing with this as the cause.</param>
public sealed record Received<TEvent>(Guid EventId, DateTimeOffset PublishedAt, TEvent Event, ActivityContext Trace)
    where TEvent : class;
