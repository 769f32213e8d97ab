using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Faults;
using Safeguarding.Hosting.Inbox;
using Safeguarding.Hosting.Messaging;
using Safeguarding.Hosting.Outbox;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// A service's database: its own schema, with the outbox, inbox, parked messages and audit that every service has.
/// </summary>
public abstract class HubDbContext(DbContextOptions options) : DbContext(options)
{
    private readonly List<OutgoingEvent> _outgoing = [];

    /// <summary>The Postgres schema that holds everything of this service.</summary>
    protected abstract string Schema { get; }

    internal string SchemaName => Schema;

    /// <summary>
    /// Publishes a domain event with the transaction of the change: it goes to the outbox when the changes are saved,
    /// and to the broker after the commit. Nothing is sent when the transaction rolls back.
    /// </summary>
    public void Publish<TEvent>(TEvent @event)
        where TEvent : class => Publish(@event, Activity.Current?.Context ?? default);

    /// <summary>As <see cref="Publish{TEvent}(TEvent)"/>, continuing the trace of the event that caused it.</summary>
    public void Publish<TEvent, TCause>(TEvent @event, Received<TCause> cause)
        where TEvent : class
        where TCause : class => Publish(@event, cause.Trace);

    /// <summary>As <see cref="Publish{TEvent}(TEvent)"/>, continuing the given trace.</summary>
    public void Publish<TEvent>(TEvent @event, ActivityContext trace)
        where TEvent : class => _outgoing.Add(OutgoingEvent.Of(@event, trace));

    /// <summary>Writes an audit row with the transaction of the act.</summary>
    /// <param name="caller">Who acts.</param>
    /// <param name="act">What is done, such as <c>plan.read</c>.</param>
    /// <param name="subject">The id of the thing it is done to.</param>
    /// <param name="reason">Why, for acts that ask for a reason; never personal data.</param>
    public void Audit(Caller caller, string act, Guid subject, string? reason = null) =>
        Add(
            new AuditRecord
            {
                Id = Guid.CreateVersion7(),
                At = this.GetTimeProvider().GetUtcNow(),
                Organisation = caller.Organisation,
                ClientId = caller.ClientId,
                Act = act,
                Subject = subject,
                Reason = reason,
                RequestId = caller.Request?.RequestId,
                CorrelationId = caller.Request?.CorrelationId,
            }
        );

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess,
        CancellationToken cancellationToken = default
    )
    {
        foreach (var row in OutboxRow.Pack(_outgoing, this.GetTimeProvider().GetUtcNow()))
            Add(row);
        _outgoing.Clear();
        // A statement that commits by itself would commit past VerifiedCommitInterceptor.
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        // A transaction that failed is given up whole, so nothing goes back to a savepoint: each would cost two round
        // trips.
        Database.AutoSavepointsEnabled = false;
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>
    /// Commits the current transaction without a time-out or cancellation, and throws
    /// <see cref="CommitUncertainException"/> where the server warns that the commit may be on one machine only. Use it
    /// wherever an answer promises that something is stored.
    /// </summary>
    public async Task CommitAsync()
    {
        var transaction = Database.CurrentTransaction
            ?? throw new InvalidOperationException("There is no transaction to commit.");
        CrashPoint.Reached(CrashPoint.BeforeCommit);
        await VerifiedCommit.CommitAsync((NpgsqlConnection)Database.GetDbConnection(), timeout: 0);
        CrashPoint.Reached(CrashPoint.AfterCommit);
        await transaction.DisposeAsync();
        // The commit went past EF, and with it past the interceptor that wakes the relay.
        this.GetInfrastructure()
            .GetService<IDbContextOptions>()
            ?.FindExtension<CoreOptionsExtension>()
            ?.ApplicationServiceProvider?.GetService<OutboxSignal>()
            ?.Set();
    }

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Use SaveChangesAsync: it also writes the outbox.");

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Conventions.Add(_ => new SnakeCaseConvention());

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        OutboxRow.Configure(modelBuilder.Entity<OutboxRow>());
        InboxRow.Configure(modelBuilder.Entity<InboxRow>());
        ParkedMessage.Configure(modelBuilder.Entity<ParkedMessage>());
        AuditRecord.Configure(modelBuilder.Entity<AuditRecord>());
    }
}
