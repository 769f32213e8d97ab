using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Messaging.Faults;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Inbox;

/// <summary>Hands the events of batches to a consumer.</summary>
internal interface IInboxReceiver
{
    string EventType { get; }

    Task HandleAsync(string consumer, IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken);
}

/// <summary>
/// Unpacks, checks the inbox, calls the consumer and commits, all in one transaction;
/// <see cref="BatchThenIndividually"/> says what follows a failure.
/// </summary>
internal sealed partial class InboxReceiver<TConsumer, TEvent>(
    IServiceScopeFactory scopes,
    Parking parking,
    TimeProvider clock,
    ILogger<InboxReceiver<TConsumer, TEvent>> logger
) : IInboxReceiver
    where TConsumer : class, IConsumer<TEvent>
    where TEvent : class
{
    private static readonly string ShortName = typeof(TEvent).Name;

    public string EventType => EventCatalogue.WireName(typeof(TEvent));

    public async Task HandleAsync(
        string consumer,
        IReadOnlyList<EventBatch> batches,
        CancellationToken cancellationToken
    )
    {
        var events = new List<ReceivedItem>();
        foreach (var message in batches)
        {
            if (Read(message) is { } some)
                events.AddRange(some.ConvertAll(item => new ReceivedItem(item, message)));
            else
                await ParkAsync(consumer, message, null, "unreadable", null, cancellationToken);
        }

        await BatchThenIndividually.RunAsync(
            events,
            some => ConsumeAsync(consumer, some.ConvertAll(item => item.Event), cancellationToken),
            (single, failure) =>
                ParkAsync(consumer, single.Batch, single.Event, "consumer-failed", failure, cancellationToken),
            exception => Pausing(logger, consumer, TransientFaults.Name(exception)),
            clock,
            cancellationToken
        );
    }

    private static List<BatchedEvent<TEvent>>? Read(EventBatch message)
    {
        try
        {
            return JsonSerializer.Deserialize<List<BatchedEvent<TEvent>>>(message.Events.Utf8.Span, HubJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task ConsumeAsync(
        string consumer,
        List<BatchedEvent<TEvent>> events,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MessagingDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var fresh = await TakeAsync(db, consumer, events, cancellationToken);
        MessagingMetrics.Repeated.Add(events.Count - fresh.Count);
        if (fresh.Count == 0)
            return;
        CrashPoint.Reached(CrashPoint.AfterTake);

        var spans = new List<Activity>(fresh.Count);
        var current = Activity.Current;
        try
        {
            var batch = fresh.ConvertAll(item =>
            {
                var parent = item.TraceContext;
                Activity.Current = null;
                var span = MessagingMetrics.Activities.StartActivity(
                    $"{consumer} {ShortName}",
                    ActivityKind.Consumer,
                    parent
                );
                if (span is not null)
                {
                    span.SetTag("messaging.system", "rabbitmq");
                    span.SetTag("messaging.message.id", item.Id);
                    spans.Add(span);
                }

                return new Received<TEvent>(item.Id, item.At, item.Event, span?.Context ?? parent);
            });
            // What a batch does belongs to many traces; what one event does belongs to its own.
            Activity.Current = spans.Count == 1 && fresh.Count == 1 ? spans[0] : null;

            await ActivatorUtilities
                .GetServiceOrCreateInstance<TConsumer>(scope.ServiceProvider)
                .Consume(batch, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            // Through EF, so that a service's own interceptors see it. Never cancelled: its outcome would be
            // unknown.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch
        {
            foreach (var span in spans)
                span.SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            spans.ForEach(span => span.Stop());
            Activity.Current = current;
        }

        MessagingMetrics.Consumed.Add(fresh.Count);
        var now = clock.GetUtcNow();
        foreach (var item in fresh)
        {
            MessagingMetrics.Lag.Record(
                (now - item.At).TotalSeconds,
                new KeyValuePair<string, object?>("consumer", consumer)
            );
        }
    }

    private static async Task<List<BatchedEvent<TEvent>>> TakeAsync(
        MessagingDbContext db,
        string consumer,
        List<BatchedEvent<TEvent>> events,
        CancellationToken cancellationToken
    )
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO {db.SchemaName}.inbox (consumer, event_id)
            SELECT @consumer, id FROM unnest(@ids) AS id
            ON CONFLICT DO NOTHING
            RETURNING event_id
            """;
        command.Parameters.AddWithValue("consumer", consumer);
        command.Parameters.Add(
            new NpgsqlParameter("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            {
                Value = events.Select(e => e.Id).ToArray(),
            }
        );
        var taken = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            taken.Add(reader.GetGuid(0));
        return taken.Count == events.Count ? events : events.FindAll(e => taken.Remove(e.Id));
    }

    private async Task ParkAsync(
        string consumer,
        EventBatch message,
        BatchedEvent<TEvent>? single,
        string reason,
        Exception? failure,
        CancellationToken cancellationToken
    )
    {
        var alone = single is null
            ? message
            : message with
            {
                Events = new RawJson(
                    JsonSerializer.SerializeToUtf8Bytes<List<BatchedEvent<TEvent>>>([single], HubJson.Options)
                ),
            };
        await parking.ParkAsync(
            new ParkedMessage
            {
                Id = Guid.CreateVersion7(),
                Consumer = consumer,
                EventType = message.Type,
                EventId = single?.Id,
                Body = JsonSerializer.SerializeToUtf8Bytes(alone, HubJson.Options),
                Reason = reason,
                ExceptionType = failure?.GetBaseException().GetType().FullName,
                ParkedAt = clock.GetUtcNow(),
            },
            cancellationToken
        );
    }

    private sealed record ReceivedItem(BatchedEvent<TEvent> Event, EventBatch Batch);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Consumer} waits: the database or the key ring is unavailable ({Failure})"
    )]
    private static partial void Pausing(ILogger logger, string consumer, string failure);
}
