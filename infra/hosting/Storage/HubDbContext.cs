using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.Storage;

/// <summary>A service's database: what messaging keeps there, and the audit that every service has.</summary>
public abstract class HubDbContext(DbContextOptions options) : MessagingDbContext(options)
{
    /// <summary>
    /// The columns that hold what people write. What a context reads of them is opened and what it saves is sealed, so
    /// that their properties are plain text; they cannot be searched. SQL of a service's own seals what it writes
    /// (<see cref="Seal"/>).
    /// </summary>
    public virtual IReadOnlyList<SealedColumn> SealedColumns => [];

    /// <summary>
    /// Which rows a request reaches, table by table; what is not here a request does not reach at all. None: the
    /// service has no second fence, and its requests work as the worker role.
    /// </summary>
    public virtual IReadOnlyList<RowPolicy> RowPolicies => [];

    /// <summary>
    /// Functions that work as the owner and that requests may call, without their schema: a question about rows of
    /// all organisations that answers less than the rows.
    /// </summary>
    public virtual IReadOnlyList<string> FunctionsOfRequests => [];

    /// <summary>With those of the tables that every service has.</summary>
    internal IReadOnlyList<RowPolicy> AllRowPolicies =>
        RowPolicies is []
            ? []
            :
            [
                .. RowPolicies,
                RowPolicy.InsertOnly("outbox", "true"),
                // What the hub itself notifies a council of says less than the caller's own record.
                RowPolicy.InsertOnly(
                    "audit_record",
                    $"organisation = {RowPolicy.Organisation} OR organisation = '{Caller.Hub.Organisation}'"
                ),
            ];

    /// <summary>Whose rows; null of a context that no scope made.</summary>
    internal RowScope? Rows { get; set; }

    /// <summary>The transaction that knows whose request it is.</summary>
    internal IDbContextTransaction? Said { get; set; }

    /// <summary>The organisation whose rows are asked for; null where it is the worker role that asks.</summary>
    internal string? RowsOf => RowPolicies is [] ? null : Rows?.Organisation;

    /// <summary>
    /// Its connection, for SQL of a service's own: in a request within a transaction that has been told whose request
    /// it is, by a statement of Entity Framework or by <see cref="SayWhoseAsync"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has not: no row would be found.</exception>
    public NpgsqlConnection Connection =>
        RowsOf is null || (Said is { } said && ReferenceEquals(said, Database.CurrentTransaction))
            ? (NpgsqlConnection)Database.GetDbConnection()
            : throw new InvalidOperationException("The transaction does not know whose request it is.");

    /// <summary>Tells the open transaction whose request it is, where no statement has.</summary>
    public Task SayWhoseAsync(CancellationToken cancellationToken) => RequestRole.SayAsync(this, cancellationToken);

    /// <summary>Null for the migrations tool.</summary>
    internal Sealer? Sealer { get; } =
        options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider?.GetService<Sealer>();

    /// <summary>A text as a sealed column holds it; null stays null.</summary>
    public string? Seal(SealedColumn column, string? text) => text is null ? null : column.Seal(Sealer!, text);

    /// <summary>Writes an audit record with the transaction of the act.</summary>
    /// <param name="caller">Who acts.</param>
    /// <param name="act">What is done, such as <c>plan.read</c>: one of <see cref="AuditedActs"/>.</param>
    /// <param name="subject">The id of the thing it is done to.</param>
    /// <param name="reason">Why, for acts that ask for a reason; it is sealed.</param>
    /// <param name="concerning">
    /// The councils whose children it concerns; the caller's own organisation need not be named.
    /// </param>
    /// <param name="outcome">One of <see cref="AuditOutcome"/>.</param>
    /// <param name="purpose">What the caller says it is for; that of <see cref="AuditedActs"/> when null.</param>
    /// <param name="at">When, where the record may not say more than the day; now when null.</param>
    public void Audit(
        Caller caller,
        string act,
        Guid subject,
        string? reason = null,
        IEnumerable<string>? concerning = null,
        string outcome = AuditOutcome.Success,
        string? purpose = null,
        DateTimeOffset? at = null
    )
    {
        caller.Request?.Audited = true;
        Add(
            AuditRecord.Of(
                caller,
                act,
                subject,
                at ?? this.GetTimeProvider().GetUtcNow(),
                reason: reason is null ? null : AuditReason.Seal(Sealer!, reason),
                concerning: concerning,
                outcome: outcome,
                purpose: purpose
            )
        );
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // After the names of columns are given.
        if (Sealer is { } sealer)
            configurationBuilder.Conventions.Add(_ => new SealColumns(SealedColumns, sealer));
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        AuditRecord.Configure(modelBuilder.Entity<AuditRecord>());
    }
}
