using System.Net;
using Microsoft.EntityFrameworkCore;

namespace Safeguarding.Bench.Baseline.Safe;

/// <summary>Sends the webhooks that are due, and records what became of each.</summary>
internal sealed class SendWebhooks(
    IServiceScopeFactory scopes,
    Webhook webhook,
    Counts counts,
    TimeProvider clock,
    ILogger<Poller> logger
) : Poller(clock, logger)
{
    private const int Together = 16;
    private readonly TimeProvider _clock = clock;

    protected override async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SafeDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var due = await db
            .Webhooks.FromSql(
                $"""
                SELECT * FROM "Webhooks" WHERE "NextAttemptAt" <= {_clock.GetUtcNow()}
                ORDER BY "NextAttemptAt" LIMIT {Batch} FOR UPDATE SKIP LOCKED
                """
            )
            .ToListAsync(cancellationToken);
        if (due.Count == 0)
            return 0;

        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancellationToken },
            async (one, stop) => one.Record(await AttemptAsync(one, stop), _clock.GetUtcNow())
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var _ in due.Where(one => one.DeliveredAt is not null))
            counts.OneHandled();
        return due.Count;
    }

    /// <returns>Null where there was no answer.</returns>
    private async Task<HttpStatusCode?> AttemptAsync(OutgoingWebhook one, CancellationToken cancellationToken)
    {
        try
        {
            return await webhook.SendAsync(one.Id, one.Body, _clock.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return null;
        }
    }
}
