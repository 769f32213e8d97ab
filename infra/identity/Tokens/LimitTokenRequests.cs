using System.Globalization;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Assertions;
using Safeguarding.Identity.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// Makes whoever guesses wait. Requests are counted by client and address together, so that a stranger's guesses never
/// keep the client itself from its token; an address is counted too, for who tries many clients. Pushed requests are
/// counted apart: anybody can make the portal push one, and that must keep nobody from renewing a token.
/// </summary>
internal sealed partial class LimitTokenRequests(
    IOptions<IdentityOptions> settings,
    ClientRegister clients,
    ILogger<LimitTokenRequests> logger
) : IMiddleware, IDisposable
{
    private const int ClientsAtAnAddress = 10;

    // Each signs in, and asks again every few minutes, by the one client that signs them in, from its one address.
    private const int PeopleOfAClient = 100;

    private static readonly Asker ForPeople = new("", "", Pushes: false);

    // No client's id is longer, and what a stranger sends is kept for a minute.
    private const int LongestId = 200;
    private static readonly string[] Limited = [Paths.Token, Paths.Push, Paths.Revoke];
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<Asker> _askers = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<Asker, Asker>(asker =>
            Window(asker, settings.Value.TokenRequestsPerMinute * (AsksForPeople(clients, asker) ? PeopleOfAClient : 1))
        ),
        PartitionedRateLimiter.Create<Asker, Asker>(asker =>
            AsksForPeople(clients, asker)
                ? RateLimitPartition.GetNoLimiter(ForPeople)
                : Window(asker with { Client = "" }, settings.Value.TokenRequestsPerMinute * ClientsAtAnAddress)
        )
    );

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!Limited.Contains(context.Request.Path.Value ?? ""))
        {
            await next(context);
            return;
        }
        var asker = new Asker(
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            await ClaimedAsync(context.Request) is { Length: <= LongestId } id ? id : "",
            context.Request.Path == Paths.Push
        );
        using var lease = _askers.AttemptAcquire(asker);
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }
        var client = clients.Find(asker.Client);
        TooMany(logger, client?.Id ?? "(unknown)");
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = Minute.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var error = new Dictionary<string, string>
        {
            [Parameters.Error] = Errors.SlowDown,
            [Parameters.ErrorDescription] = "Too many token requests for this client. Wait as Retry-After says.",
        };
        if (client is { HasNhsErrors: true } && context.Request.Path == Paths.Token)
            error[ShapeErrors.MessageId] = RequestIds.Get(context)!.RequestId;
        await context.Response.WriteAsJsonAsync(error, context.RequestAborted);
    }

    public void Dispose() => _askers.Dispose();

    // Whoever claims to be one gains nothing where it proves itself by a key. A secret could be guessed.
    private static bool AsksForPeople(ClientRegister clients, Asker asker) =>
        clients.Find(asker.Client) is { IsForPeople: true, SecretHash: null };

    private static RateLimitPartition<TKey> Window<TKey>(TKey key, int permits)
        where TKey : notnull => RateLimitPartition.GetSlidingWindowLimiter(key, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = Minute,
            SegmentsPerWindow = 6,
        });

    // Not yet believed: only who the request says it is from.
    private static async Task<string?> ClaimedAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
            return null;
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if ((string?)form[Parameters.ClientId] is { Length: > 0 } id)
            return id;
        return (string?)form[Parameters.ClientAssertion] is { Length: > 0 } assertion
            ? Assertion.Read(assertion)?.Issuer
            : BasicUser(request.Headers.Authorization.ToString());
    }

    private static string? BasicUser(string authorization)
    {
        const string scheme = "Basic ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[authorization.Length];
        return Convert.TryFromBase64String(authorization[scheme.Length..], bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0]
            : null;
    }

    private readonly record struct Asker(string Address, string Client, bool Pushes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Client {ClientId} asks for tokens too often: 429")]
    private static partial void TooMany(ILogger logger, string clientId);
}
