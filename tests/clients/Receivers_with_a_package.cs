using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Safeguarding.Notification.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Clients.Tests;

/// <summary>What the hub sends, given to a package that others keep: <c>standardwebhooks</c> of npm.</summary>
public sealed class Receivers_with_a_package(HubServers servers)
{
    private const string Type = "uk.safeguarding-hub.alert.raised.v1";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_package_verifies_what_the_hub_signs_and_refuses_what_is_forged_or_old()
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
        var address = $"http://127.0.0.1:{FreePort.Next()}/";
        using var endpoint = new HttpListener { Prefixes = { address } };
        endpoint.Start();
        var former = await SecretAsync(
            council.PutAsJsonAsync("/subscriptions/package", new { url = address, payload = "full" }, Cancelled)
        );
        var once = await DeliveredAsync(council, endpoint);
        var newer = await SecretAsync(
            council.PostAsJsonAsync("/subscriptions/package/rotate-secret", new { overlapHours = 1 }, Cancelled)
        );
        var rotated = await DeliveredAsync(council, endpoint);
        Assert.Equal(
            ["v1", "v1", "v1a", "v1a"],
            rotated.Headers["webhook-signature"].Split(' ').Select(signature => signature.Split(',')[0])
        );

        const string verified = $"verified {Type}";
        const string forged = "No matching signature found";
        (string What, Arrived Arrived, string Verdict)[] cases =
        [
            ("as sent", once with { Secret = former }, verified),
            ("another secret", once with { Secret = newer }, forged),
            ("another body", once with { Secret = former, Body = once.Body + " " }, forged),
            ("another id and time", once with { Secret = former, Headers = rotated.Headers }, forged),
            ("five minutes old", once with { Secret = former, SecondsLate = 300 }, verified),
            ("older", once with { Secret = former, SecondsLate = 301 }, "Message timestamp too old"),
            ("of the future", once with { Secret = former, SecondsLate = -301 }, "Message timestamp too new"),
            ("rotated, with the newer secret", rotated with { Secret = newer }, verified),
            ("rotated, with the former secret", rotated with { Secret = former }, verified),
        ];
        var verdicts = await TypeScript.RunAsync(
            "verify",
            ("CASES", JsonSerializer.Serialize(cases.Select(one => one.Arrived), JsonSerializerOptions.Web))
        );
        Assert.Equal(cases.Select(one => (one.What, one.Verdict)), cases.Select(one => one.What).Zip(verdicts));
    }

    private static async Task<string> SecretAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("secret").GetString()!;
    }

    private static async Task<Arrived> DeliveredAsync(HttpClient council, HttpListener endpoint)
    {
        var sending = council.PostAsJsonAsync("/subscriptions/package/test", new { type = Type }, Cancelled);
        var arriving = await endpoint.GetContextAsync().WaitAsync(Cancelled);
        using var reader = new StreamReader(arriving.Request.InputStream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(Cancelled);
        arriving.Response.StatusCode = (int)HttpStatusCode.NoContent;
        arriving.Response.Close();
        using var sent = await sending;
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        var headers = arriving.Request.Headers;
        return new("", headers.AllKeys.OfType<string>().ToDictionary(name => name, name => headers[name]!), body, 0);
    }

    private sealed record Arrived(
        string Secret,
        IReadOnlyDictionary<string, string> Headers,
        string Body,
        int SecondsLate
    );
}
