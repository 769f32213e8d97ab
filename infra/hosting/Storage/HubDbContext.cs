using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.Storage;

/// <summary>A service's database: what messaging keeps there, and the audit that every service has.</summary>
public abstract class HubDbContext(DbContextOptions options) : MessagingDbContext(options)
{
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
    public void Audit(
        Caller caller,
        string act,
        Guid subject,
        string? reason = null,
        IEnumerable<string>? concerning = null,
        string outcome = AuditOutcome.Success,
        string? purpose = null
    )
    {
        caller.Request?.Audited = true;
        Add(
            AuditRecord.Of(
                caller,
                act,
                subject,
                this.GetTimeProvider().GetUtcNow(),
                reason: reason is null ? null : AuditReason.Seal(GetSealer(), reason),
                concerning: concerning,
                outcome: outcome,
                purpose: purpose
            )
        );
    }

    private Sealer GetSealer() =>
        this.GetInfrastructure()
            .GetRequiredService<IDbContextOptions>()
            .FindExtension<CoreOptionsExtension>()!
            .ApplicationServiceProvider!.GetRequiredService<Sealer>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        AuditRecord.Configure(modelBuilder.Entity<AuditRecord>());
    }
}
