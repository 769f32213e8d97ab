using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// A council's endpoint on a real port, which answers as it is told to: well, badly, slowly or
/// never.
/// </summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Hook> _received = new();
    private readonly TaskCompletionSource _over = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>What it does with a request; 204 as a rule.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = Status(204);

    public IReadOnlyList<Hook> Received => [.. _received];

    public Uri Url => new(_app.Urls.First() + "/hooks");

    public int Port => Url.Port;

    public static async Task<Receiver> StartAsync(int port = 0, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (certificate is not null)
        {
            builder
                .WebHost.UseKestrelHttpsConfiguration()
                .ConfigureKestrel(kestrel =>
                    kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate)
                );
        }

        builder.WebHost.UseUrls($"{(certificate is null ? "http" : "https")}://127.0.0.1:{port}");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.Receive);
        await app.StartAsync();
        return receiver;
    }

    public static Func<HttpContext, Task> Status(int status, string? retryAfter = null) =>
        http =>
        {
            http.Response.StatusCode = status;
            if (retryAfter is not null)
                http.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };

    public static Func<HttpContext, Task> Redirect(Uri to) =>
        http =>
        {
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = to.ToString();
            return Task.CompletedTask;
        };

    /// <summary>Takes the request and says nothing until the receiver is disposed or the caller goes.</summary>
    public Task Hang(HttpContext http) => Task.WhenAny(_over.Task, Task.Delay(Timeout.Infinite, http.RequestAborted));

    public Task<IReadOnlyList<Hook>> AtLeast(int count, TimeSpan? within = null) =>
        Eventually.UntilAsync(
            () => Task.FromResult(Received),
            received => received.Count >= count,
            within,
            $"{count} webhooks"
        );

    public async ValueTask DisposeAsync()
    {
        _over.TrySetResult();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task Receive(HttpContext http)
    {
        var at = TimeProvider.System.GetUtcNow();
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        // Whoever waits for the request may tell it another answer at once: for those to come.
        var answer = Answer;
        _received.Enqueue(
            new Hook(
                at,
                http.Request.Headers["webhook-id"].ToString(),
                http.Request.Headers["webhook-timestamp"].ToString(),
                http.Request.Headers["webhook-signature"].ToString(),
                http.Request.Headers.TraceParent.ToString(),
                http.Request.ContentType,
                body.ToArray()
            )
        );
        await answer(http);
    }
}

/// <summary>A request that came in.</summary>
internal sealed record Hook(
    DateTimeOffset At,
    string Id,
    string Timestamp,
    string Signature,
    string TraceParent,
    string? ContentType,
    byte[] Body
)
{
    public System.Text.Json.JsonElement Event =>
        System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(Body);

    public string Type => Event.GetProperty("type").GetString()!["uk.safeguarding-hub.".Length..];

    public override string ToString() => $"{Id} {Encoding.UTF8.GetString(Body)}";
}
