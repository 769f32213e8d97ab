using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Safeguarding.Bench.Sink;

/// <param name="Receiver">Which of the sink's receivers it came to: a council's code.</param>
/// <param name="AlertId">The alert it is about.</param>
/// <param name="At">Stopwatch ticks.</param>
internal sealed record ReceivedWebhook(string Receiver, Guid AlertId, long At);

/// <summary>The councils' end: receives webhooks, verifies every signature, counts repeats.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, ReceivedWebhook> _received = new(StringComparer.Ordinal);
    private int _repeats;
    private int _forged;

    private WebhookSink(WebApplication app) => _app = app;

    /// <summary>Since the last <see cref="Clear"/>, by webhook id.</summary>
    public ICollection<ReceivedWebhook> Received => _received.Values;

    public int Count => _received.Count;

    public int Repeats => _repeats;

    public int Forged => _forged;

    public static async Task<WebhookSink> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var sink = new WebhookSink(app);
        app.Run(sink.ReceiveAsync);
        await app.StartAsync(cancellationToken);
        return sink;
    }

    /// <summary>The address of one receiver.</summary>
    public Uri AddressOf(string receiver)
    {
        var root = _app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        return new Uri($"{root}/hooks/{receiver}");
    }

    public void Expect(string receiver, string secret) => _keys[receiver] = StandardWebhook.KeyOf(secret);

    public void Clear() =>
        (_received, _repeats, _forged) = (
            new ConcurrentDictionary<string, ReceivedWebhook>(StringComparer.Ordinal),
            0,
            0
        );

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        var receiver = http.Request.Path.Value!["/hooks/".Length..];
        using var body = new MemoryStream(1024);
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var at = Stopwatch.GetTimestamp();
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        var headers = http.Request.Headers;
        var id = headers["webhook-id"].ToString();
        if (
            !_keys.TryGetValue(receiver, out var key)
            || !StandardWebhook.IsGenuine(
                key,
                id,
                headers["webhook-timestamp"].ToString(),
                headers["webhook-signature"].ToString(),
                bytes.Span,
                TimeProvider.System.GetUtcNow()
            )
        )
        {
            Interlocked.Increment(ref _forged);
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var json = JsonDocument.Parse(bytes);
        // A council is also told of questions that wait for a person; those are no alerts.
        if (
            json.RootElement.GetProperty("data").TryGetProperty("alertId", out var alert)
            && !_received.TryAdd(id, new ReceivedWebhook(receiver, alert.GetGuid(), at))
        )
        {
            Interlocked.Increment(ref _repeats);
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
