using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Safeguarding.TestKit;

namespace Safeguarding.Cli.Tests;

/// <summary>Identity and notification as far as <c>listen</c> asks them, and the receiver of a developer.</summary>
internal sealed class A_listening_hub : IDisposable
{
    private static readonly string[] Variables = ["HUB_IDENTITY_URL", "HUB_ISSUER", "HUB_NOTIFICATION_URL"];

    private readonly HttpListener _listener = new();
    private readonly Queue<JsonNode> _pages;
    private readonly int _receiverAnswers;

    /// <param name="receiverAnswers">The status of the receiver.</param>
    /// <param name="pages">Of alerts that changed, in the order in which they are asked for.</param>
    public A_listening_hub(int receiverAnswers, params JsonArray[] pages)
    {
        (_receiverAnswers, _pages) = (receiverAnswers, new Queue<JsonNode>(pages));
        Address = $"http://127.0.0.1:{FreePort.Next()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        foreach (var variable in Variables)
            Environment.SetEnvironmentVariable(variable, Address);
        _ = AnswerAsync();
    }

    public string Address { get; }

    /// <summary>What the receiver was sent.</summary>
    public ConcurrentQueue<(string? Id, string? Timestamp, string? Signature, string Body)> Received { get; } = [];

    public ConcurrentQueue<string> AskedAfter { get; } = [];

    public static JsonNode Alert(string id, long version, string news) =>
        new JsonObject
        {
            ["id"] = id,
            ["version"] = version,
            ["news"] = news,
            ["restricted"] = false,
            ["summary"] = "A child on plan CP-1 was seen.",
        };

    public static string Signature(string secret, string? id, string? timestamp, string body) =>
        "v1,"
        + Convert.ToBase64String(
            HMACSHA256.HashData(
                Convert.FromBase64String(secret["whsec_".Length..]),
                Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")
            )
        );

    public void Dispose()
    {
        _listener.Close();
        foreach (var variable in Variables)
            Environment.SetEnvironmentVariable(variable, null);
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (await _listener.GetContextAsync() is var call)
            {
                using var reader = new StreamReader(call.Request.InputStream);
                var body = await reader.ReadToEndAsync();
                var answer = call.Request.Url!.AbsolutePath switch
                {
                    "/connect/token" => """{"access_token":"t"}""",
                    "/alerts" => Page(call.Request.QueryString["changedAfter"]!),
                    _ => null,
                };
                if (answer is null)
                {
                    var headers = call.Request.Headers;
                    Received.Enqueue(
                        (headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body)
                    );
                    call.Response.StatusCode = _receiverAnswers;
                }
                else
                {
                    await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                }

                call.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private string Page(string after)
    {
        AskedAfter.Enqueue(after);
        var alerts = _pages.TryDequeue(out var page) ? page : new JsonArray();
        return new JsonObject
        {
            ["alerts"] = alerts,
            ["changedAfter"] = AskedAfter.Count,
            ["more"] = false,
        }.ToJsonString();
    }
}
