using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Inbox;

/// <summary>
/// Gives one parked message to its consumer once more. If it fails again it is parked again, as a new
/// row.
/// </summary>
public sealed class ReplayParkedMessage
{
    private readonly IServiceScopeFactory _scopes;
    private readonly ConsumerCatalogue _catalogue;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _clock;

    internal ReplayParkedMessage(
        IServiceScopeFactory scopes,
        ConsumerCatalogue catalogue,
        IServiceProvider services,
        TimeProvider clock
    ) => (_scopes, _catalogue, _services, _clock) = (scopes, catalogue, services, clock);

    /// <summary>Replays one.</summary>
    /// <param name="id">The parked message's id.</param>
    /// <param name="record">
    /// Writes what goes into the transaction that takes the message, such as an audit row.
    /// </param>
    /// <param name="cancellationToken">Before the message is taken; afterwards it is carried to its end.</param>
    /// <exception cref="InvalidOperationException">There is no parked message of this id.</exception>
    public async Task<ReplayOutcome> RunAsync(
        Guid id,
        Action<MessagingDbContext> record,
        CancellationToken cancellationToken
    )
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MessagingDbContext>();
        var message = await db.Set<ParkedMessage>()
            .AsNoTracking()
            .SingleAsync(parked => parked.Id == id, cancellationToken);
        if (message.ReplayedAt is not null)
            return ReplayOutcome.TakenBefore;
        if (
            Read(message) is not { } batch
            || _catalogue.Endpoints.FirstOrDefault(endpoint =>
                endpoint.Events.Any(e => EventCatalogue.WireName(e) == batch.Type)
            )
                is not { } endpoint
        )
        {
            return ReplayOutcome.NotReplayable;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Of two operators with the same idea one comes second.
        var now = _clock.GetUtcNow();
        if (
            await db.Set<ParkedMessage>()
                .Where(parked => parked.Id == id && parked.ReplayedAt == null)
                .ExecuteUpdateAsync(parked => parked.SetProperty(row => row.ReplayedAt, now), cancellationToken) == 0
        )
        {
            return ReplayOutcome.TakenBefore;
        }

        record(db);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);

        // The message is marked, so from here on it is carried to its end: taken, or parked again.
        await endpoint.Handlers(_services)[batch.Type].HandleAsync(endpoint.Queue, [batch], CancellationToken.None);
        return ReplayOutcome.Replayed;
    }

    private static EventBatch? Read(ParkedMessage message)
    {
        try
        {
            return JsonSerializer.Deserialize<EventBatch>(message.Body, HubJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What became of a replay.</summary>
public enum ReplayOutcome
{
    /// <summary>Given to its consumer; what failed again is parked again.</summary>
    Replayed,

    /// <summary>It had been replayed.</summary>
    TakenBefore,

    /// <summary>This version of the service cannot read it, or has no consumer for it; it stays parked.</summary>
    NotReplayable,
}
