using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Safeguarding.Hosting.Access;

/// <summary>The revocations of each trusted issuer.</summary>
internal sealed class RevocationsOfIssuers(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Revocations> _all = new();

    public Revocations Get(string issuer) => _all.GetOrAdd(issuer, _ => new Revocations(clock));
}

/// <summary>
/// Asks each issuer that publishes them (<c>revocations_uri</c> in its metadata) every few seconds
/// (<c>Identity__RevocationsSeconds</c>), each by itself: one that hangs keeps nobody from hearing of the others.
/// </summary>
internal sealed partial class FollowRevocations(
    IReadOnlyList<string> issuers,
    RevocationsOfIssuers all,
    IOptionsMonitor<JwtBearerOptions> options,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<FollowRevocations> logger
) : BackgroundService
{
    public const string Setting = "Identity:RevocationsSeconds";
    public const int DefaultSeconds = 15;
    private const string Metadata = "revocations_uri";

    // With the longest pace within the minute in which a revocation must be known.
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, EntityTagHeaderValue?> _tags = new();
    private readonly ConcurrentDictionary<string, bool> _failing = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(issuers.Select(issuer => FollowAsync(issuer, stoppingToken)));

    private async Task FollowAsync(string issuer, CancellationToken stoppingToken)
    {
        var pace = TimeSpan.FromSeconds(configuration.GetValue(Setting, DefaultSeconds));
        while (!stoppingToken.IsCancellationRequested)
        {
            await AskAsync(issuer, stoppingToken);
            await Task.Delay(pace, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(string issuer, CancellationToken stoppingToken)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        within.CancelAfter(AnswersWithin);
        var cancellationToken = within.Token;
        try
        {
            var bearer = options.Get(issuer);
            // Others may wait for the same answer, so it is not given up by whoever gives up waiting.
            var metadata = await bearer
                .ConfigurationManager!.GetConfigurationAsync(CancellationToken.None)
                .WaitAsync(cancellationToken);
            if (!metadata.AdditionalData.TryGetValue(Metadata, out var uri) || uri.ToString() is not { } address)
                return;
            all.Get(issuer).Begin();
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (_tags.GetValueOrDefault(issuer) is { } tag)
                request.Headers.IfNoneMatch.Add(tag);
            using var answer = await bearer.Backchannel.SendAsync(request, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.NotModified)
            {
                all.Get(issuer).Hear(null);
            }
            else
            {
                answer.EnsureSuccessStatusCode();
                all.Get(issuer).Hear(await answer.Content.ReadFromJsonAsync<RevocationList>(cancellationToken));
                _tags[issuer] = answer.Headers.ETag;
            }

            _failing.TryRemove(issuer, out _);
        }
        // Whatever an issuer answers must not end the service: what cannot be read is asked for again, and people are
        // refused when that has lasted three minutes.
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            if (_failing.TryAdd(issuer, true))
                Unavailable(logger, issuer, exception.GetType().Name);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The revocations of {Issuer} cannot be read ({Error}); after three minutes people are refused"
    )]
    private static partial void Unavailable(ILogger logger, string issuer, string error);
}
