using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Timeout;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery.Endpoints;

/// <summary>
/// One POST to an address that a council named, bounded in time and in what is read of the answer. Deliveries
/// and test events both go through here.
/// </summary>
internal sealed class EndpointCaller : IDisposable
{
    // Connections are pooled by host: an endpoint without an exception must never find one that was opened under
    // another's.
    private readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    private readonly ResiliencePipeline<HttpResponseMessage> _timeout;
    private readonly bool _allowPrivateNetworks;
    private readonly TimeProvider _clock;

    public EndpointCaller(IOptions<WebhookOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _allowPrivateNetworks = options.Value.AllowPrivateNetworks;
        _timeout = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddTimeout(options.Value.RequestTimeout)
            .Build();
    }

    public async Task<Answer> PostAsync(
        Recipient to,
        byte[] body,
        string contentType,
        IEnumerable<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(to.Address))
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            // Only the head of the answer is waited for; the status is all that the hub wants to know.
            using var response = await _timeout.ExecuteAsync(
                async token => await ClientFor(to).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token),
                cancellationToken
            );
            return new Answer(
                AttemptOutcomes.Of(response.StatusCode),
                (int)response.StatusCode,
                RetryAfter.Read(response.Headers, _clock.GetUtcNow())
            );
        }
        catch (TimeoutRejectedException)
        {
            return new Answer(AttemptOutcome.TimedOut);
        }
        catch (HttpRequestException exception)
        {
            return new Answer(Classify(exception));
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private HttpClient ClientFor(Recipient to) =>
        _clients.GetOrAdd(
            string.Join(' ', to.PrivateNetworks),
            (_, networks) =>
            {
                var client = new HttpClient(GuardedHandler.Create(_allowPrivateNetworks, networks))
                {
                    Timeout = Timeout.InfiniteTimeSpan,
                };
                client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("safeguarding-hub", "1"));
                return client;
            },
            to.PrivateNetworks
        );

    internal static AttemptOutcome Classify(HttpRequestException exception) =>
        exception switch
        {
            { InnerException: AddressNotAllowedException } => AttemptOutcome.AddressNotAllowed,
            { InnerException: CertificateNotTrustedException certificate } => certificate.Outcome,
            { HttpRequestError: HttpRequestError.NameResolutionError } => AttemptOutcome.NameNotResolved,
            {
                InnerException: SocketException
                {
                    SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                }
            } => AttemptOutcome.NameNotResolved,
            { HttpRequestError: HttpRequestError.SecureConnectionError } => AttemptOutcome.TlsFailed,
            { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } =>
                AttemptOutcome.AnswerInvalid,
            _ => AttemptOutcome.ConnectionFailed,
        };
}
