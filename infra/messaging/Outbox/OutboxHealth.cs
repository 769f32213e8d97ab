using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Outbox;

/// <summary>
/// Unhealthy while the database does not answer. Degraded, which is still ready, while the broker takes no events:
/// every replica would be so at once, and a balancer would refuse the very requests that the outbox exists to take.
/// </summary>
internal sealed class OutboxHealth(OutboxStore store, MessagingOptions options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            var state = await store.StateAsync(cancellationToken);
            var data = new Dictionary<string, object>
            {
                ["oldestUnsentSeconds"] = state.OldestUnsent?.TotalSeconds ?? 0,
                ["unsent"] = state.Unsent,
                ["unreceived"] = state.Unreceived,
            };
            return state.OldestUnsent > options.UnsentAlarm
                ? HealthCheckResult.Degraded(
                    "The oldest unsent outbox row is too old: the broker does not take messages.",
                    data: data
                )
                : HealthCheckResult.Healthy("The database answers and the outbox is young.", data);
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            // Who asked has gone, which says nothing of the database.
            cancellationToken.ThrowIfCancellationRequested();
            return HealthCheckResult.Unhealthy($"The database does not answer ({TransientFaults.Name(exception)}).");
        }
    }
}

/// <summary>The outbox among a service's health checks.</summary>
public static class OutboxHealthExtensions
{
    /// <summary>
    /// Adds the check <c>outbox</c>: unhealthy while the database does not answer, degraded while the oldest event that
    /// the broker has not accepted is older than <see cref="MessagingOptions.UnsentAlarm"/>.
    /// </summary>
    /// <param name="checks">The service's checks.</param>
    /// <param name="tags">Tags of the check.</param>
    public static IHealthChecksBuilder AddOutbox(this IHealthChecksBuilder checks, IEnumerable<string> tags) =>
        checks.AddCheck<OutboxHealth>("outbox", tags: tags);
}
