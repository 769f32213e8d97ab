using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassTransit;

namespace Safeguarding.Bench.Baseline;

public sealed class SendWebhookConsumer(
    PeerDb db,
    IHttpClientFactory clients,
    IConfiguration configuration,
    Counts counts,
    TimeProvider clock
) : IConsumer<PlanFound>
{
    public async Task Consume(ConsumeContext<PlanFound> context)
    {
        var found = context.Message;
        var body = JsonSerializer.SerializeToUtf8Bytes(
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
        var now = clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, configuration["Webhook:Url"])
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/cloudevents+json");
        var id = $"msg_{found.EncounterId:N}";
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", $"v1,{Sign(id, timestamp, body)}");
        using var response = await clients.CreateClient().SendAsync(request, context.CancellationToken);
        response.EnsureSuccessStatusCode();

        db.Add(
            new Delivery
            {
                Id = Guid.CreateVersion7(),
                EncounterId = found.EncounterId,
                Council = found.Council,
                Status = (int)response.StatusCode,
                SentAt = now,
            }
        );
        await db.SaveChangesAsync(context.CancellationToken);
        counts.OneHandled();
    }

    private string Sign(string id, string timestamp, byte[] body)
    {
        var key = Convert.FromBase64String(configuration["Webhook:Secret"]!["whsec_".Length..]);
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return Convert.ToBase64String(HMACSHA256.HashData(key, content));
    }
}
