using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Inbox;

/// <summary>
/// Deletes inbox rows after 14 days, in small deletes. Event ids are version 7 UUIDs, so the primary key alone finds
/// the old ones.
/// </summary>
internal sealed class PurgeInbox(
    NpgsqlDataSource source,
    IServiceScopeFactory scopes,
    ConsumerCatalogue catalogue,
    TimeProvider clock,
    ILogger<PurgeInbox> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(14);
    private const int Slice = 5_000;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var table = $"{scope.ServiceProvider.GetRequiredService<MessagingDbContext>().SchemaName}.inbox";
        await using var command = source.CreateCommand(
            $"""
            DELETE FROM {table} WHERE (consumer, event_id) IN (
                SELECT consumer, event_id FROM {table} WHERE consumer = @consumer AND event_id < @before
                    ORDER BY event_id LIMIT {Slice})
            """
        );
        var consumer = command.Parameters.AddWithValue("consumer", "");
        command.Parameters.AddWithValue("before", Guid.CreateVersion7(Clock.GetUtcNow() - Keep));
        foreach (var endpoint in catalogue.Endpoints)
        {
            consumer.Value = endpoint.Queue;
            while (await command.ExecuteNonQueryAsync(cancellationToken) == Slice) { }
        }
    }
}
