using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Safeguarding.Seed.Receiver;

/// <summary>
/// A council's endpoint as a supplier would write it: it verifies each Standard Webhooks signature over the exact bytes, and knows repeats by their id.
/// </summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Delivery> _deliveries = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>Every verified event, by its webhook-id; repeats counted.</summary>
    public IReadOnlyCollection<Delivery> Deliveries => [.. _deliveries.Values];

    public int Forged { get; private set; }

    /// <summary>The endpoint of a council at this receiver.</summary>
    public Uri Address(string council) => new($"http://127.0.0.1:{new Uri(_app.Urls.Single()).Port}/{council}");

    public static async Task<WebhookReceiver> StartAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://0.0.0.0:{port.ToString(CultureInfo.InvariantCulture)}");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/{council}", (string council, HttpRequest request) => receiver.ReceiveAsync(council, request));
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The secret that the hub showed when the subscription was made.</summary>
    public void Trust(string council, string secret) => _secrets[council] = secret;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(string council, HttpRequest request)
    {
        var arrived = TimeProvider.System.GetUtcNow();
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        var id = request.Headers["webhook-id"].ToString();
        if (!_secrets.TryGetValue(council, out var secret)
            || !IsGenuine(secret, id, request.Headers["webhook-timestamp"].ToString(), request.Headers["webhook-signature"].ToString(), body, arrived))
        {
            Forged++;
            return Results.Unauthorized();
        }

        _deliveries.AddOrUpdate(id, _ => new Delivery(id, council, arrived, JsonNode.Parse(body)!, 1), (_, seen) => seen with { Times = seen.Times + 1 });
        return Results.Ok();
    }

    private static bool IsGenuine(string secret, string id, string timestamp, string signatures, byte[] body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance)
            return false;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed);
        return signatures.Split(' ').Any(signature =>
            signature.StartsWith("v1,", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature[3..]), Encoding.ASCII.GetBytes(Convert.ToBase64String(expected))));
    }
}

/// <summary>A verified event.</summary>
/// <param name="Id">The webhook-id: the same over every retry.</param>
/// <param name="Council">Which council's endpoint.</param>
/// <param name="ArrivedAt">When it arrived first.</param>
/// <param name="Event">The CloudEvent.</param>
/// <param name="Times">How often it came.</param>
internal sealed record Delivery(string Id, string Council, DateTimeOffset ArrivedAt, JsonNode Event, int Times);
