using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using Notify.Interfaces;
using Polly;
using Polly.Timeout;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery.Channels.Notify;

/// <summary>
/// The way to GOV.UK Notify: one address, which the operator sets, bounded in time and in what is read of the
/// answer.
/// </summary>
internal sealed class NotifyClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly ResiliencePipeline<HttpResponseMessage> _timeout;
    private readonly TimeProvider _clock;

    public NotifyClient(IOptions<NotifyOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                SslOptions = CheckedCertificates.Options,
            }
        )
        {
            BaseAddress = new Uri(options.Value.BaseUrl),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _timeout = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddTimeout(options.Value.RequestTimeout)
            .Build();
    }

    public NotifyCall Open() => new(_client, _timeout, _clock);

    public void Dispose() => _client.Dispose();
}

/// <summary>
/// One call. The library turns every failure into text; what the hub needs is the class, so it is taken here, and the
/// library is told that all is well.
/// </summary>
internal sealed class NotifyCall(HttpClient client, ResiliencePipeline<HttpResponseMessage> timeout, TimeProvider clock)
    : IHttpClient
{
    public Answer Answer { get; private set; } = new(AttemptOutcome.ConnectionFailed);

    /// <summary>The client's own, whatever the library believes.</summary>
    public Uri BaseAddress { get; set; } = client.BaseAddress!;

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            using var response = await timeout.ExecuteAsync(
                async token => await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token),
                CancellationToken.None
            );
            Answer = new Answer(
                Of(response.StatusCode),
                (int)response.StatusCode,
                RetryAfter.Read(response.Headers, clock.GetUtcNow())
            );
        }
        catch (TimeoutRejectedException)
        {
            Answer = new Answer(AttemptOutcome.TimedOut);
        }
        catch (HttpRequestException exception)
        {
            Answer = new Answer(EndpointCaller.Classify(exception));
        }
        return new HttpResponseMessage(HttpStatusCode.Created)
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
    }

    public void SetClientBaseAddress() { }

    public void AddContentHeader(string header) { }

    public void AddUserAgent(string userAgent) { }

    public void Dispose() { }

    // 401 and 403 are about the hub's key or its clock, not about the desk: the alert is kept for when they are fixed.
    private static AttemptOutcome Of(HttpStatusCode status) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? AttemptOutcome.NotReady
            : AttemptOutcomes.Of(status);
}
