using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Safeguarding.Bench.Baseline.Safe;

/// <summary>Publishes what one sender has left in the outbox.</summary>
internal sealed class DispatchOutbox(
    string sender,
    IServiceScopeFactory scopes,
    IBus bus,
    TimeProvider clock,
    ILogger<Poller> logger
) : Poller(clock, logger)
{
    protected override async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SafeDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var due = await db
            .Outbox.FromSql(
                $"""
                SELECT * FROM "Outbox" WHERE "Sender" = {sender} ORDER BY "Id" LIMIT {Batch} FOR UPDATE SKIP LOCKED
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        if (due.Count == 0)
            return 0;

        // The confirms of a batch are awaited together.
        await Task.WhenAll(due.Select(message => PublishAsync(message, cancellationToken)));
        var sent = due.ConvertAll(message => message.Id);
        await db.Outbox.Where(message => sent.Contains(message.Id)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count;
    }

    private Task PublishAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        bus.Publish(
            message.Message(),
            context =>
            {
                context.MessageId = message.Id;
                // RabbitMQ confirms a message that no queue wants; mandatory makes it an error, and the row stays.
                if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
                    rabbit.Mandatory = true;
            },
            cancellationToken
        );
}
