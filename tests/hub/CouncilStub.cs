using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// A council's endpoint that writes down what arrives, and misbehaves by a seed: errors, throttling, slow
/// answers, answers that are lost after it has taken the event.
/// </summary>
internal sealed class CouncilStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Random _chance;
    private readonly ConcurrentQueue<Arrival> _arrivals = new();

    private CouncilStub(WebApplication app, int seed) => (_app, _chance) = (app, new Random(seed));

    /// <summary>Whether it misbehaves now; about every other answer.</summary>
    public bool Misbehaves { get; set; }

    /// <summary>Everything it has ever taken in, whatever it answered.</summary>
    public IReadOnlyCollection<Arrival> Arrivals => _arrivals;

    public Uri Address => new($"{new Uri(_app.Urls.Single()).GetLeftPart(UriPartial.Authority)}/alerts");

    /// <param name="seed">Of its misbehaviour.</param>
    /// <param name="certificate">By TLS with it, in files; in plain text where null.</param>
    public static async Task<CouncilStub> StartAsync(int seed, (string File, string KeyFile)? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (certificate is { } files)
        {
            builder
                .WebHost.UseKestrelHttpsConfiguration()
                .ConfigureKestrel(kestrel =>
                    kestrel.ConfigureHttpsDefaults(https =>
                        https.ServerCertificate = X509Certificate2.CreateFromPemFile(files.File, files.KeyFile)
                    )
                );
        }

        builder.WebHost.UseUrls($"{(certificate is null ? "http" : "https")}://127.0.0.1:0");
        var app = builder.Build();
        var stub = new CouncilStub(app, seed);
        app.MapPost("/alerts", stub.TakeAsync);
        await app.StartAsync();
        return stub;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        _arrivals.Enqueue(
            new Arrival(
                context.Request.Headers["webhook-id"].ToString(),
                Guid.Parse((string)JsonNode.Parse(body)!["data"]!["alertId"]!),
                Convert.ToHexString(SHA256.HashData(body))
            )
        );
        int fault;
        lock (_chance)
            fault = Misbehaves ? _chance.Next(8) : -1;
        switch (fault)
        {
            case 0:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
            case 1:
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = "1";
                break;
            case 2:
                await Task.Delay(TimeSpan.FromSeconds(3), context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case 3:
                context.Abort();
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    }
}

/// <summary>One request that reached a council.</summary>
internal sealed record Arrival(string WebhookId, Guid AlertId, string BodyHash);
