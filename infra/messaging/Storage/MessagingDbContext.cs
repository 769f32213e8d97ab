using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Safeguarding.Messaging.Faults;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// A service's database: its own schema, with the outbox, the inbox and the parked messages. Derive the service's
/// context from it; registered by <see cref="MessagingRegistration.AddMessaging{TDb}"/>.
/// </summary>
/// <example>
/// <code>
/// db.Add(plan);
/// db.Publish(new PlanRegistered(plan.Id));
/// await db.SaveChangesAsync(cancellationToken); // both or neither
/// </code>
/// </example>
public abstract class MessagingDbContext(DbContextOptions options) : DbContext(options)
{
    private readonly List<OutgoingEvent> _outgoing = [];

    /// <summary>The Postgres schema that holds everything of this service.</summary>
    protected abstract string Schema { get; }

    /// <summary>The same, for statements that are written as SQL.</summary>
    public string SchemaName => Schema;

    /// <summary>
    /// Publishes a domain event with the transaction of the change: it goes to the outbox when the changes are saved,
    /// and to the broker after the commit. Nothing is sent when the transaction rolls back.
    /// </summary>
    /// <exception cref="InvalidOperationException">The type has no <c>[Event]</c>: nobody would receive it.</exception>
    public void Publish<TEvent>(TEvent @event)
        where TEvent : class => Publish(@event, Activity.Current?.Context ?? default);

    /// <summary>As <see cref="Publish{TEvent}(TEvent)"/>, continuing the trace of the event that caused it.</summary>
    public void Publish<TEvent, TCause>(TEvent @event, Received<TCause> cause)
        where TEvent : class
        where TCause : class => Publish(@event, cause.Trace);

    /// <summary>As <see cref="Publish{TEvent}(TEvent)"/>, continuing the given trace.</summary>
    public void Publish<TEvent>(TEvent @event, ActivityContext trace)
        where TEvent : class => _outgoing.Add(OutgoingEvent.Of(@event, trace));

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess,
        CancellationToken cancellationToken = default
    )
    {
        foreach (var row in OutboxRow.Batch(_outgoing, this.GetTimeProvider().GetUtcNow()))
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
    /// Commits the current transaction without a time-out or cancellation. Use it wherever an answer promises that
    /// something is stored.
    /// </summary>
    /// <exception cref="CommitUncertainException">
    /// The server warns that the commit may be on one machine only.
    /// </exception>
    /// <exception cref="InvalidOperationException">There is no transaction.</exception>
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

    /// <summary>Always throws.</summary>
    /// <exception cref="NotSupportedException">Only <c>SaveChangesAsync</c> writes the outbox.</exception>
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
    }
}

/// <summary>What statements need that run without a context of their own.</summary>
public static class MessagingDbContextExtensions
{
    /// <summary>The schema of the service.</summary>
    /// <param name="scopes">The service's scopes.</param>
    public static string SchemaOfService(this IServiceScopeFactory scopes)
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<MessagingDbContext>().SchemaName;
    }

    /// <summary>The clock of the service that a context belongs to; the system's where it has none.</summary>
    /// <param name="db">The context.</param>
    public static TimeProvider GetTimeProvider(this DbContext db) =>
        db.GetInfrastructure()
            .GetService<IDbContextOptions>()
            ?.FindExtension<CoreOptionsExtension>()
            ?.ApplicationServiceProvider?.GetService<TimeProvider>()
        ?? TimeProvider.System;
}
