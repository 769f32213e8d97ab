using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// How many requests a service takes: of one system or person at a time, of an address that shows no valid token, and
/// of one organisation on the routes that are dear. Whoever has a valid token is never counted with strangers of its
/// address, so guesses lock nobody else out.
/// </summary>
public sealed class RequestLimits
{
    /// <summary>
    /// Requests of one system, or of one person at a browser, that are under way at the same moment
    /// (<c>RequestLimits__UnderWay</c>). A long poll is one. Default 512.
    /// </summary>
    [Range(1, 100_000, ErrorMessage = "RequestLimits__UnderWay must be between 1 and 100000.")]
    public int UnderWay { get; set; } = 512;

    /// <summary>
    /// Requests a minute of one address without a valid token (<c>RequestLimits__StrangersPerMinute</c>). Default 300.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "RequestLimits__StrangersPerMinute must be between 1 and 1000000.")]
    public int StrangersPerMinute { get; set; } = 300;

    /// <summary>
    /// Requests a minute of one organisation on all routes together that search for a person
    /// (<c>RequestLimits__SearchesPerMinute</c>). Default 600.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "RequestLimits__SearchesPerMinute must be between 1 and 1000000.")]
    public int SearchesPerMinute { get; set; } = 600;

    /// <summary>
    /// Look-ups a minute of one person on all routes together that look a child up
    /// (<c>RequestLimits__LookupsPerMinute</c>). Default 30.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "RequestLimits__LookupsPerMinute must be between 1 and 1000000.")]
    public int LookupsPerMinute { get; set; } = 30;

    /// <summary>
    /// Uploads a minute of one organisation (<c>RequestLimits__UploadsPerMinute</c>). Default 60.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "RequestLimits__UploadsPerMinute must be between 1 and 1000000.")]
    public int UploadsPerMinute { get; set; } = 60;
}

/// <summary>
/// The limits of <see cref="RequestLimits"/> on the routes of a service: 429 with
/// <c>Retry-After</c>.
/// </summary>
public static class LimitRequests
{
    private const string Searches = "searches";
    private const string Lookups = "lookups";
    private const string Uploads = "uploads";
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    internal static readonly RefusalReason TooMany = new(
        "too-many-requests",
        "Too many requests. Wait as Retry-After says, then send it again."
    );

    /// <summary>A route that searches for a person: bounded for each organisation.</summary>
    /// <param name="route">The route or group.</param>
    public static TBuilder LimitsSearches<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.RequireRateLimiting(Searches);

    /// <summary>A route by which a person looks a child up: bounded for each person.</summary>
    /// <param name="route">The route or group.</param>
    public static TBuilder LimitsLookups<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.RequireRateLimiting(Lookups);

    /// <summary>A route that takes in a file: bounded for each organisation.</summary>
    /// <param name="route">The route or group.</param>
    public static TBuilder LimitsUploads<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.RequireRateLimiting(Uploads);

    /// <summary>The limits; <c>UseRateLimiter</c> puts them into the pipeline.</summary>
    /// <param name="services">The program's.</param>
    /// <param name="asker">Who asks, of a request that is no stranger's; by its token where not given.</param>
    public static void AddRequestLimits(this IServiceCollection services, Func<HttpContext, string?>? asker = null)
    {
        asker ??= AskerOfToken;
        services
            .AddOptions<RequestLimits>()
            .BindConfiguration("RequestLimits")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services
            .AddOptions<RateLimiterOptions>()
            .Configure<IOptions<RequestLimits>>(
                (options, given) =>
                {
                    var limits = given.Value;
                    options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                    options.OnRejected = SayWhenAgainAsync;
                    options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                        asker(context) is { } known
                            ? RateLimitPartition.GetConcurrencyLimiter(
                                $"asker {known}",
                                _ => new ConcurrencyLimiterOptions { PermitLimit = limits.UnderWay }
                            )
                            : Minute($"address {context.Connection.RemoteIpAddress}", limits.StrangersPerMinute)
                    );
                    options.AddPolicy(Searches, context => PerOrganisation(context, limits.SearchesPerMinute));
                    options.AddPolicy(Lookups, context => PerPerson(context, limits.LookupsPerMinute));
                    options.AddPolicy(Uploads, context => PerOrganisation(context, limits.UploadsPerMinute));
                }
            );
    }

    // All people come by one client: its name alone would let one of them hold what all share.
    private static string? AskerOfToken(HttpContext context) =>
        Caller.From(context.User) is { } caller ? $"{caller.ClientId} {caller.Person?.Subject}" : null;

    // Who has no organisation is refused by authorization, which comes after.
    private static RateLimitPartition<string> PerOrganisation(HttpContext context, int permits) =>
        Minute(Caller.From(context.User)?.Organisation ?? "none", permits);

    private static RateLimitPartition<string> PerPerson(HttpContext context, int permits) =>
        Minute(Caller.From(context.User)?.Person?.Subject ?? "none", permits);

    internal static RateLimitPartition<string> Minute(string key, int permits) =>
        RateLimitPartition.GetSlidingWindowLimiter(key, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = Window,
            SegmentsPerWindow = 6,
        });

    private static ValueTask SayWhenAgainAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        // What is under way ends soon; a window has to pass.
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : Window;
        if (rejected.Lease.TryGetMetadata(MetadataName.ReasonPhrase, out _))
            wait = TimeSpan.FromSeconds(1);
        rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds)
            .ToString(CultureInfo.InvariantCulture);
        TooMany.NoteOn(rejected.HttpContext);
        return ValueTask.CompletedTask;
    }
}
