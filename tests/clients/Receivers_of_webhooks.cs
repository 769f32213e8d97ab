using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Safeguarding.Notification.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Clients.Tests;

/// <summary>
/// The samples for suppliers, each in its language, as they stand in samples/receivers. <c>./hub test</c> installs
/// Python, Node.js and Java where they are missing.
/// </summary>
public sealed class Receivers_of_webhooks(HubServers servers)
{
    private const string Body = """{"type":"uk.safeguarding-hub.alert.raised.v1","data":{"alertId":"1"}}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("python3", "receiver.py")]
    [InlineData("node", "receiver.mjs")]
    [InlineData("java", "Receiver.java")]
    [InlineData("dotnet", "run", "receiver.cs")]
    public async Task A_sample_stores_what_the_hub_sends_once_and_refuses_what_is_forged_or_old(params string[] command)
    {
        await using var notification = await ServiceUnderTest<NotificationDb>.StartAsync(
            servers,
            new Dictionary<string, string?>
            {
                ["Webhooks:AllowHttp"] = "true",
                ["Webhooks:AllowPrivateNetworks"] = "true",
            }
        );
        using var council = notification.Client(TheHub.Council, "subscription.write");
        var port = FreePort.Next();
        var address = new Uri($"http://127.0.0.1:{port}/hooks");
        using var made = await council.PutAsJsonAsync("/subscriptions/sample", new { url = address }, Cancelled);
        var secret = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("secret").GetString()!;
        using var receiver = new Sample(command, port, secret);
        using var http = new HttpClient { BaseAddress = address };
        await Eventually.UntilAsync(
            async () => await receiver.AnswersAsync(http),
            status => status is HttpStatusCode.Unauthorized,
            // dotnet run builds first.
            within: TimeSpan.FromMinutes(5)
        );

        using var tested = await council.PostAsync("/subscriptions/sample/test", null, Cancelled);
        var outcome = await tested.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        Assert.Equal("delivered", outcome.GetProperty("outcome").GetString());
        Assert.Contains("uk.safeguarding-hub.test.v1", Assert.Single(receiver.Stored()), StringComparison.Ordinal);

        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var genuine = Sign(secret, "msg_1", now);
        (string What, string Id, long At, string Signatures, string Sent, int Status)[] cases =
        [
            ("genuine", "msg_1", now, genuine, Body, 204),
            ("repeated", "msg_1", now, genuine, Body, 204),
            ("beside the former secret's", "msg_2", now, $"v1,AAAA v1a,AAAA {Sign(secret, "msg_2", now)}", Body, 204),
            ("another body", "msg_3", now, Sign(secret, "msg_3", now), Body + " ", 401),
            ("another id", "msg_4", now, genuine, Body, 401),
            ("six minutes old", "msg_5", now - 360, Sign(secret, "msg_5", now - 360), Body, 401),
            ("of the future", "msg_6", now + 360, Sign(secret, "msg_6", now + 360), Body, 401),
            ("of an unknown scheme", "msg_7", now, Sign(secret, "msg_7", now).Replace("v1,", "v9,"), Body, 401),
            ("not signed", "msg_8", now, "", Body, 401),
        ];
        foreach (var (what, id, at, signatures, sent, status) in cases)
            Assert.Equal((what, status), (what, await PostAsync(http, id, at, signatures, sent)));

        Assert.Equal(["msg_1", "msg_2"], receiver.Stored()[1..].Select(line => line.Split(' ')[0]));
        Assert.EndsWith($" {Body}", receiver.Stored()[1], StringComparison.Ordinal);
    }

    private static string Sign(string secret, string id, long at) =>
        "v1,"
        + Convert.ToBase64String(
            HMACSHA256.HashData(
                Convert.FromBase64String(secret["whsec_".Length..]),
                Encoding.UTF8.GetBytes($"{id}.{at}.{Body}")
            )
        );

    private static async Task<int> PostAsync(HttpClient http, string id, long at, string signatures, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/cloudevents+json");
        content.Headers.Add("webhook-id", id);
        content.Headers.Add("webhook-timestamp", $"{at}");
        content.Headers.Add("webhook-signature", signatures);
        using var answer = await http.PostAsync("", content, Cancelled);
        return (int)answer.StatusCode;
    }

    private sealed class Sample : IDisposable
    {
        private readonly string _file = Path.GetTempFileName();
        private readonly Process _process;

        public Sample(string[] command, int port, string secret)
        {
            var start = new ProcessStartInfo(
                command[0],
                [.. command[1..^1], Path.Combine(Repository.Root, "samples/receivers", command[^1])]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["HUB_WEBHOOK_SECRET"] = secret;
            start.Environment["PORT"] = $"{port}";
            start.Environment["RECEIVED_FILE"] = _file;
            _process = Process.Start(start)!;
            _process.BeginErrorReadLine();
            _process.BeginOutputReadLine();
        }

        public string[] Stored() => File.ReadAllLines(_file);

        /// <returns>Null where it does not listen yet.</returns>
        public async Task<HttpStatusCode?> AnswersAsync(HttpClient http)
        {
            Assert.False(_process.HasExited, "The sample ended by itself.");
            try
            {
                using var answer = await http.PostAsync("", new StringContent(""), Cancelled);
                return answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
            File.Delete(_file);
        }
    }
}
