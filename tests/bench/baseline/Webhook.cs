using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Safeguarding.Bench.Baseline;

/// <summary>A Standard Webhook to the one council that the bench stands for.</summary>
public sealed class Webhook(IHttpClientFactory clients, IConfiguration configuration)
{
    public const string Client = "webhook";
    private readonly string _url = configuration["Webhook:Url"]!;
    private readonly byte[] _key = Convert.FromBase64String(configuration["Webhook:Secret"]!["whsec_".Length..]);

    public static byte[] BodyOf(PlanFound found) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                specversion = "1.0",
                id = found.EncounterId,
                source = "urn:peer",
                type = "alert.raised",
                datacontenttype = "application/json",
                data = new
                {
                    alertId = found.EncounterId,
                    found.Reference,
                    found.Council,
                },
            }
        );

    /// <returns>What the council answered.</returns>
    public async Task<HttpStatusCode> SendAsync(
        Guid id,
        byte[] body,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/cloudevents+json");
        var message = $"msg_{id:N}";
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("webhook-id", message);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", $"v1,{Sign(message, timestamp, body)}");
        using var response = await clients.CreateClient(Client).SendAsync(request, cancellationToken);
        return response.StatusCode;
    }

    private string Sign(string id, string timestamp, byte[] body)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return Convert.ToBase64String(HMACSHA256.HashData(_key, content));
    }
}
