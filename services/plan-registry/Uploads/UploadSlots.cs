using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// So many uploads of one council come in at once: a client that hangs must not fill the hub with half uploads.
/// </summary>
internal sealed class UploadSlots(IOptions<UploadOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _byCouncil = PartitionedRateLimiter.Create<string, string>(
        council =>
            RateLimitPartition.GetConcurrencyLimiter(council, _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = options.Value.PerCouncil,
                QueueLimit = 0,
            }),
        StringComparer.Ordinal
    );

    /// <summary>Dispose it when the body is in.</summary>
    public RateLimitLease Take(string councilCode) => _byCouncil.AttemptAcquire(councilCode);

    public void Dispose() => _byCouncil.Dispose();
}
