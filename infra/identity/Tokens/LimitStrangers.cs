using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// Bounds by address what needs no token: signing in and out, and what services read (revocations, metadata, keys).
/// </summary>
internal sealed class LimitStrangers(IOptions<RequestLimits> limits) : IMiddleware, IDisposable
{
    private static readonly PathString[] Limited =
    [
        Paths.Authorize,
        Paths.EndSession,
        Paths.SignIn,
        Paths.Development,
        Paths.Revocations,
        "/.well-known",
    ];

    private readonly PartitionedRateLimiter<string> _addresses = PartitionedRateLimiter.Create<string, string>(
        address => LimitRequests.Minute(address, limits.Value.StrangersPerMinute)
    );

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (!Array.Exists(Limited, limited => path.StartsWithSegments(limited)))
        {
            await next(context);
            return;
        }

        using var lease = _addresses.AttemptAcquire(context.Connection.RemoteIpAddress?.ToString() ?? "");
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = LimitRequests.Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        LimitRequests.TooMany.NoteOn(context);
    }

    public void Dispose() => _addresses.Dispose();
}
