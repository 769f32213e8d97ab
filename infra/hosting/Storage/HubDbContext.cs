using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.Storage;

/// <summary>A service's database: what messaging keeps there, and the audit that every service has.</summary>
public abstract class HubDbContext(DbContextOptions options) : MessagingDbContext(options)
{
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
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        AuditRecord.Configure(modelBuilder.Entity<AuditRecord>());
    }
}
