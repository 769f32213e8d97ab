using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Messaging;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.Hosting.Inbox;

/// <summary>
/// Gives one parked message to its consumer once more. If it fails again it is parked again, as a new
/// row.
/// </summary>
internal sealed class ReplayParkedMessage(
    IServiceScopeFactory scopes,
    ConsumerCatalogue catalogue,
    IServiceProvider services,
    TimeProvider clock
)
{
    public async Task<ReplayOutcome> RunAsync(
        Guid id,
        Caller caller,
        string reason,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        var message = await db.Set<ParkedMessage>()
            .AsNoTracking()
            .SingleAsync(parked => parked.Id == id, cancellationToken);
        if (message.ReplayedAt is not null)
            return ReplayOutcome.TakenBefore;
        if (
            Read(message) is not { } pack
            || catalogue.Endpoints.FirstOrDefault(endpoint =>
                endpoint.Events.Any(e => EventCatalogue.WireName(e) == pack.Type)
            )
                is not { } endpoint
        )
        {
            return ReplayOutcome.NotReplayable;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Of two operators with the same idea one comes second.
        var now = clock.GetUtcNow();
        if (
            await db.Set<ParkedMessage>()
                .Where(parked => parked.Id == id && parked.ReplayedAt == null)
                .ExecuteUpdateAsync(parked => parked.SetProperty(row => row.ReplayedAt, now), cancellationToken) == 0
        )
        {
            return ReplayOutcome.TakenBefore;
        }

        db.Audit(caller, "parked.replay", id, reason);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);

        // The message is marked, so from here on it is carried to its end: taken, or parked again.
        await endpoint.Handlers(services)[pack.Type].HandleAsync(endpoint.Queue, [pack], CancellationToken.None);
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

internal enum ReplayOutcome
{
    Replayed,
    TakenBefore,
    NotReplayable,
}
