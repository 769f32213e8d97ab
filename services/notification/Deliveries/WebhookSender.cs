using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Timeout;

namespace Safeguarding.Notification.Deliveries;

/// <summary>One signed POST, bounded in time and in what is read of the answer. Real deliveries and test events both go through here.</summary>
internal sealed class WebhookSender : IDisposable
{
    private readonly HttpClient _client;
    private readonly ResiliencePipeline<HttpResponseMessage> _timeout;
    private readonly TimeProvider _clock;

    public WebhookSender(IOptions<WebhookOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _client = new HttpClient(GuardedHandler.Create(options.Value.AllowPrivateNetworks)) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("safeguarding-hub", "1"));
        _timeout = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddTimeout(options.Value.RequestTimeout)
            .Build();
    }

    public async Task<Answer> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, message.Url) { Content = new ByteArrayContent(message.Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", WebhookEvent.ContentType);
        request.Headers.TryAddWithoutValidation("webhook-id", message.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Header(message.Keys, message.Id, now, message.Body));
        try
        {
            // Only the head of the answer is waited for; the status is all that the hub wants to know.
            using var response = await _timeout.ExecuteAsync(
                async token => await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
            return new Answer(AttemptOutcomes.Of(response.StatusCode), (int)response.StatusCode, RetryAfter(response.Headers.RetryAfter, now));
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

    public void Dispose() => _client.Dispose();

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now) => header?.Delta ?? header?.Date - now;

    private static AttemptOutcome Classify(HttpRequestException exception) => exception switch
    {
        { InnerException: AddressNotAllowedException } => AttemptOutcome.AddressNotAllowed,
        { HttpRequestError: HttpRequestError.NameResolutionError } => AttemptOutcome.NameNotResolved,
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } } => AttemptOutcome.NameNotResolved,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => AttemptOutcome.TlsFailed,
        { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => AttemptOutcome.AnswerInvalid,
        _ => AttemptOutcome.ConnectionFailed,
    };
}

/// <param name="Id">Constant over retries: the receiver's key against repeats.</param>
/// <param name="Url">The endpoint.</param>
/// <param name="Body">The bytes that are signed and sent.</param>
/// <param name="Keys">Signing keys in force, the newest first.</param>
internal sealed record WebhookMessage(string Id, Uri Url, byte[] Body, IReadOnlyList<byte[]> Keys);

/// <summary>All that is kept of an endpoint's answer.</summary>
internal sealed record Answer(AttemptOutcome Outcome, int? Status = null, TimeSpan? RetryAfter = null);
