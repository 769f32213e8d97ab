using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Identity.Storage;

/// <summary>Ready when the table of used assertions can be read: without it no assertion is accepted.</summary>
internal sealed class StorageHealth(IdentityDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await db.UsedAssertions.AnyAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            // Who asked has gone, which says nothing of the database.
            cancellationToken.ThrowIfCancellationRequested();
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
