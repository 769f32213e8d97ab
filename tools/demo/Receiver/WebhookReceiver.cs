using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using NSec.Cryptography;

namespace Safeguarding.Demo.Receiver;

/// <summary>
/// A council's endpoint as a supplier would write it from the notification service's README: it verifies both
/// signatures of Standard Webhooks over the exact bytes and knows repeats by their id. It can be told to behave badly,
/// with <c>PUT /{council}/behaviour/{how}</c>.
/// </summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Slowly = TimeSpan.FromSeconds(8);
    private readonly ConcurrentDictionary<string, Trusted> _trusted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Behaviour> _behaviours = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Delivery> _deliveries = new(StringComparer.Ordinal);
    private readonly Action<string> _say;
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app, Action<string> say) => (_app, _say) = (app, say);

    /// <summary>Every verified event, by its webhook-id; repeats counted.</summary>
    public IReadOnlyCollection<Delivery> Deliveries => [.. _deliveries.Values];

    public int Forged { get; private set; }

    /// <param name="port">Where to listen.</param>
    /// <param name="say">Receives a line about each request; ids only.</param>
    public static async Task<WebhookReceiver> StartAsync(int port, Action<string>? say = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://0.0.0.0:{port.ToString(CultureInfo.InvariantCulture)}");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app, say ?? (_ => { }));
        app.MapPost("/{council}", (string council, HttpRequest request) => receiver.ReceiveAsync(council, request));
        app.MapPut("/{council}/behaviour/{how}", (string council, string how) =>
        {
            if (!Enum.TryParse<Behaviour>(how, ignoreCase: true, out var behaviour) || !Enum.IsDefined(behaviour))
            {
                return Results.BadRequest(
                    $"One of {string.Join(", ", Enum.GetNames<Behaviour>()).ToLowerInvariant()}."
                );
            }

            receiver.Behave(council, behaviour);
            return Results.NoContent();
        });
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Where a council's events are received, for a hub on this machine.</summary>
    public Uri Address(string council) => new($"http://127.0.0.1:{new Uri(_app.Urls.Single()).Port}/{council}");

    /// <summary>What the hub showed when the subscription was made; either is enough.</summary>
    public void Trust(string council, string? secret, string? publicKey = null) =>
        _trusted[council] = new Trusted(secret, publicKey);

    public void Behave(string council, Behaviour behaviour) => _behaviours[council] = behaviour;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(string council, HttpRequest request)
    {
        var arrived = TimeProvider.System.GetUtcNow();
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        var id = request.Headers["webhook-id"].ToString();
        if (
            !_trusted.TryGetValue(council, out var trusted)
            || !IsGenuine(
                trusted,
                id,
                request.Headers["webhook-timestamp"].ToString(),
                request.Headers["webhook-signature"].ToString(),
                body,
                arrived
            )
        )
        {
            Forged++;
            _say($"{council} {id}: signature does not verify");
            return Results.Unauthorized();
        }

        var behaviour = _behaviours.GetValueOrDefault(council);
        switch (behaviour)
        {
            case Behaviour.Fail:
                _say($"{council} {id}: 503, as told");
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            case Behaviour.Gone:
                _say($"{council} {id}: 410, as told");
                return Results.StatusCode(StatusCodes.Status410Gone);
            case Behaviour.Hang:
                _say($"{council} {id}: hangs, as told");
                await Task.Delay(Timeout.Infinite, request.HttpContext.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return Results.StatusCode(StatusCodes.Status504GatewayTimeout);
            case Behaviour.Slow:
                await Task.Delay(Slowly, request.HttpContext.RequestAborted);
                break;
        }

        var delivery = _deliveries.AddOrUpdate(
            id,
            _ => new Delivery(id, council, arrived, JsonNode.Parse(body)!, 1),
            (_, seen) => seen with { Times = seen.Times + 1 }
        );
        _say(
            $"{council} {id}: {(string?)delivery.Event["type"]}{(delivery.Times > 1 ? $", for the {delivery.Times}th time" : "")}"
        );
        return Results.Ok();
    }

    private static bool IsGenuine(
        Trusted trusted,
        string id,
        string timestamp,
        string signatures,
        byte[] body,
        DateTimeOffset now
    )
    {
        if (
            !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance
        )
        {
            return false;
        }

        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var all = signatures.Split(' ');
        return (trusted.Secret is null || all.Any(signature => IsHmac(trusted.Secret, signature, content)))
            && (trusted.PublicKey is null || all.Any(signature => IsEd25519(trusted.PublicKey, signature, content)));
    }

    private static bool IsHmac(string secret, string signature, byte[] content) =>
        signature.StartsWith("v1,", StringComparison.Ordinal)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(signature["v1,".Length..]),
            Encoding.ASCII.GetBytes(
                Convert.ToBase64String(
                    HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), content)
                )
            )
        );

    private static bool IsEd25519(string publicKey, string signature, byte[] content)
    {
        if (!signature.StartsWith("v1a,", StringComparison.Ordinal))
            return false;
        var key = PublicKey.Import(
            SignatureAlgorithm.Ed25519,
            Convert.FromBase64String(publicKey["whpk_".Length..]),
            KeyBlobFormat.RawPublicKey
        );
        var bytes = new byte[SignatureAlgorithm.Ed25519.SignatureSize];
        return Convert.TryFromBase64String(signature["v1a,".Length..], bytes, out var length)
            && length == bytes.Length
            && SignatureAlgorithm.Ed25519.Verify(key, content, bytes);
    }

    private sealed record Trusted(string? Secret, string? PublicKey);
}

/// <summary>What the receiver does with a genuine event.</summary>
internal enum Behaviour
{
    /// <summary>200, at once.</summary>
    Well,

    /// <summary>503.</summary>
    Fail,

    /// <summary>Says nothing until the caller goes.</summary>
    Hang,

    /// <summary>200, after 8 seconds.</summary>
    Slow,

    /// <summary>410.</summary>
    Gone,
}

/// <summary>A verified event.</summary>
/// <param name="Id">The webhook-id: the same over every retry.</param>
/// <param name="Council">Which council's endpoint.</param>
/// <param name="ArrivedAt">When it arrived first.</param>
/// <param name="Event">The CloudEvent.</param>
/// <param name="Times">How often it came.</param>
internal sealed record Delivery(string Id, string Council, DateTimeOffset ArrivedAt, JsonNode Event, int Times);
