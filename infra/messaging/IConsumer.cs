using System.Diagnostics;

namespace Safeguarding.Messaging;

/// <summary>
/// Consumes one kind of event. Make implementations public, sealed and named for what they do
/// (<c>MatchEncountersConsumer</c>); the queue's name comes from it. Runs inside the inbox's transaction: what it
/// writes, what it publishes and the note that the events were taken are committed together. Throw on failure: the
/// batch is then tried one by one, and what fails alone is parked.
/// </summary>
/// <typeparam name="TEvent">An event of the contracts.</typeparam>
/// <example>
/// <code>
/// public sealed class CloseCaseConsumer(CasesDb db) : IConsumer&lt;PlanEnded&gt;
/// {
///     public async Task Consume(IReadOnlyList&lt;Received&lt;PlanEnded&gt;&gt; batch, CancellationToken stopping)
///     {
///         foreach (var ended in batch)
///             db.Publish(new CaseClosed(ended.Event.PlanId), ended); // in the inbox's transaction
///         await db.SaveChangesAsync(stopping);
///     }
/// }
/// </code>
/// </example>
public interface IConsumer<TEvent>
    where TEvent : class
{
    /// <summary>
    /// Handles events that this consumer has not taken before, in the order they were published; never empty,
    /// often one.
    /// </summary>
    /// <param name="batch">The events.</param>
    /// <param name="cancellationToken">Cancelled when the service stops; the events come again.</param>
    /// <exception cref="DependencyUnavailableException">
    /// What the consumer depends on is unavailable: it is tried again until it succeeds, and nothing is parked.
    /// </exception>
    Task Consume(IReadOnlyList<Received<TEvent>> batch, CancellationToken cancellationToken);
}

/// <summary>Names the queue of a consumer whose class has been renamed: what waits in it must still find it.</summary>
/// <param name="name">The queue without the service: what the class's first name made of it.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class QueueNameAttribute(string name) : Attribute
{
    /// <summary>The queue without the service.</summary>
    public string Name => name;
}

/// <summary>An event as it arrived.</summary>
/// <typeparam name="TEvent">An event of the contracts.</typeparam>
/// <param name="EventId">The event's own id: the inbox's key, the same over every repeat.</param>
/// <param name="PublishedAt">When its sender committed it.</param>
/// <param name="Event">The event.</param>
/// <param name="Trace">Where its trace stands; pass it on by publishing with this as the cause.</param>
public sealed record Received<TEvent>(Guid EventId, DateTimeOffset PublishedAt, TEvent Event, ActivityContext Trace)
    where TEvent : class;
