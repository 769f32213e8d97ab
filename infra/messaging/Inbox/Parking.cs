using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Messaging.Faults;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Inbox;

/// <summary>
/// Puts messages that fail while others pass where an operator finds them; waits while the database is unavailable. The
/// broker gives a message again whose acknowledgement it did not get: what waits there already is not parked a second
/// time.
/// </summary>
internal sealed partial class Parking(
    NpgsqlDataSource source,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<Parking> logger
)
{
    private readonly string _schema = scopes.SchemaOfService();

    public Task ParkAsync(ParkedMessage message, CancellationToken cancellationToken) =>
        RetryWhileUnavailable.RunAsync(
            async () =>
            {
                var fresh = await InsertAsync(message, cancellationToken);
                CrashPoint.Reached(CrashPoint.AfterPark);
                if (!fresh)
                    return;
                MessagingMetrics.Parked.Add(1);
                Parked(logger, message.Id, message.Consumer, message.Reason, message.ExceptionType);
            },
            exception => Pausing(logger, message.Consumer, TransientFaults.Name(exception)),
            clock,
            cancellationToken
        );

    private async Task<bool> InsertAsync(ParkedMessage message, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO {_schema}.parked_message (id, consumer, event_type, event_id, body, reason, exception_type,
                parked_at)
            VALUES (@id, @consumer, @event_type, @event_id, @body, @reason, @exception_type, @parked_at)
            ON CONFLICT DO NOTHING
            """;
        command.Parameters.AddWithValue("id", message.Id);
        command.Parameters.AddWithValue("consumer", message.Consumer);
        command.Parameters.Add(
            new NpgsqlParameter<string?>("event_type", NpgsqlDbType.Text) { TypedValue = message.EventType }
        );
        command.Parameters.Add(
            new NpgsqlParameter<Guid?>("event_id", NpgsqlDbType.Uuid) { TypedValue = message.EventId }
        );
        command.Parameters.AddWithValue("body", message.Body);
        command.Parameters.AddWithValue("reason", message.Reason);
        command.Parameters.Add(
            new NpgsqlParameter<string?>("exception_type", NpgsqlDbType.Text) { TypedValue = message.ExceptionType }
        );
        command.Parameters.AddWithValue("parked_at", message.ParkedAt);
        var fresh = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        await VerifiedCommit.CommitAsync(connection, timeout: null);
        return fresh;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Parked message {ParkedId} of {Consumer}: {Reason} ({ExceptionType})"
    )]
    private static partial void Parked(
        ILogger logger,
        Guid parkedId,
        string consumer,
        string reason,
        string? exceptionType
    );

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A message of {Consumer} cannot be parked: the database is unavailable ({Failure})"
    )]
    private static partial void Pausing(ILogger logger, string consumer, string failure);
}

/// <summary>
/// Takes the place of MassTransit's error and skipped queues: what cannot even be read, or came back over the delivery
/// limit, is parked in Postgres.
/// </summary>
internal sealed class ParkFilter(Parking parking, string consumer, string reason, TimeProvider clock)
    : IFilter<ExceptionReceiveContext>,
        IFilter<ReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        // A stop in the middle is not the fault of the message: it goes back to its queue.
        context.Exception
            is OperationCanceledException
                or ObjectDisposedException
            ? Task.FromException(context.Exception)
            : ParkAsync(context, context.Exception);

    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => ParkAsync(context, null);

    public void Probe(ProbeContext context) => context.CreateFilterScope("park");

    private async Task ParkAsync(ReceiveContext context, Exception? exception)
    {
        // A message that could not be read counts as failed and then, to MassTransit, as not consumed either.
        if (context.HasPayloadType(typeof(AlreadyParked)))
            return;
        await parking.ParkAsync(
            new ParkedMessage
            {
                Id = Guid.CreateVersion7(),
                Consumer = consumer,
                Body = context.Body.GetBytes(),
                Reason = reason,
                ExceptionType = exception?.GetBaseException().GetType().FullName,
                ParkedAt = clock.GetUtcNow(),
            },
            context.CancellationToken
        );
        context.GetOrAddPayload(() => new AlreadyParked());
    }

    private sealed class AlreadyParked;
}
