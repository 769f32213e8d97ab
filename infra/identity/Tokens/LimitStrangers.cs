using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// Bounds by address what needs no token: signing in and out, and apart from it what services read again and again
/// (revocations, metadata, keys), which may come from the address at which people are.
/// </summary>
internal sealed class LimitStrangers(IOptions<RequestLimits> limits) : IMiddleware, IDisposable
{
    private static readonly PathString[] OfBrowsers =
    [
        Paths.Authorize,
        Paths.EndSession,
        Paths.SignIn,
        Paths.Development,
    ];

    private static readonly PathString[] OfServices = [Paths.Revocations, "/.well-known"];

    private readonly PartitionedRateLimiter<string> _addresses = PartitionedRateLimiter.Create<string, string>(
        address => LimitRequests.Minute(address, limits.Value.StrangersPerMinute)
    );

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        var who =
            Array.Exists(OfBrowsers, limited => path.StartsWithSegments(limited)) ? "browsers"
            : Array.Exists(OfServices, limited => path.StartsWithSegments(limited)) ? "services"
            : null;
        if (who is null)
        {
            await next(context);
            return;
        }

        using var lease = _addresses.AttemptAcquire($"{who} {context.Connection.RemoteIpAddress}");
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
