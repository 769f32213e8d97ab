using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Safeguarding.Notification.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>E-mail and text message to a duty desk, with a stand-in for GOV.UK Notify on a real port.</summary>
public sealed class Duty_desk(HubServers servers) : IAsyncLifetime
{
    private Receiver _notify = null!;
    private ServiceUnderTest<NotificationDb> _service = null!;

    public async ValueTask InitializeAsync()
    {
        _notify = await Receiver.StartAsync();
        _service = await ServiceUnderTest<NotificationDb>.StartAsync(
            servers,
            new Dictionary<string, string?>
            {
                ["Notify:BaseUrl"] = $"http://127.0.0.1:{_notify.Port}/",
                ["Notify:ApiKey"] = $"synthetic-{Guid.CreateVersion7()}-{Guid.CreateVersion7()}",
                ["Notify:EmailTemplateId"] = "an-email-template",
                ["Notify:SmsTemplateId"] = "an-sms-template",
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _notify.DisposeAsync();
    }

    [Fact]
    public async Task An_alert_comes_as_its_number_and_a_link_and_nothing_of_whom_or_where()
    {
        var paths = new System.Collections.Concurrent.ConcurrentQueue<string>();
        _notify.Answer = http =>
        {
            paths.Enqueue(http.Request.Path);
            http.Response.StatusCode = 201;
            return http.Response.WriteAsync("""{"id": "740e5834-3a29-46b4-9a6f-16142fde533a"}""");
        };
        var council = new Desk(_service, Hub.ACouncilCode());
        await Subscribe(
            council,
            "desk-mail",
            new
            {
                channel = "email",
                to = "duty@council.example",
                link = "https://case.council.example/alerts/{alert}",
            }
        );
        await Subscribe(
            council,
            "desk-phone",
            new
            {
                channel = "sms",
                to = "07700900123",
                link = "https://case.council.example/alerts/{alert}",
            }
        );

        await _service.Bus.PublishAsync(Hub.AMatch(council.Code, _service.Surroundings.Keys.Sealer));

        var alert = await council.Alert(_ => true);
        var sent = await _notify.AtLeast(2);
        // A request is received before it is answered.
        await Eventually.UntilAsync(() => Task.FromResult(paths.Count), count => count >= 2);
        Assert.Equal(["/v2/notifications/email", "/v2/notifications/sms"], paths.Order());
        foreach (var body in sent.Select(hook => hook.Event))
        {
            var fields = body.GetProperty("personalisation");
            Assert.Equal(
                ("New safeguarding alert", alert.Id().ToString(), $"https://case.council.example/alerts/{alert.Id()}"),
                (fields.Text("news"), fields.Text("alert"), fields.Text("link"))
            );
            Assert.Equal(
                body.TryGetProperty("email_address", out _),
                fields.TryGetProperty("why", out var why)
                    && why.GetString()!.EndsWith("Given name: the same.", StringComparison.Ordinal)
            );
            Assert.All(new[] { "CP-1041", "Elsewhere", "RYJ", "7946", "emergency" }, canary =>
                Assert.DoesNotContain(canary, body.GetRawText(), StringComparison.OrdinalIgnoreCase)
            );
        }
        await council.Attempt(alert.Id(), "delivered");
        Assert.All(await council.Attempts(alert.Id()), attempt =>
            Assert.DoesNotContain("duty", attempt.GetRawText(), StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(400, "rejected")]
    [InlineData(403, "notReady")]
    [InlineData(429, "throttled")]
    [InlineData(500, "serverError")]
    public async Task Only_what_Notify_says_of_the_message_parks_it(int status, string outcome)
    {
        _notify.Answer = Receiver.Status(status);
        var council = new Desk(_service, Hub.ACouncilCode());
        await Subscribe(
            council,
            "desk-mail",
            new
            {
                channel = "email",
                to = "duty@council.example",
                link = "https://case.council.example/{alert}",
            }
        );

        await _service.Bus.PublishAsync(Hub.AMatch(council.Code, _service.Surroundings.Keys.Sealer));

        var alert = await council.Alert(_ => true);
        var attempt = await council.Attempt(alert.Id(), outcome);
        Assert.Equal(status == 400, !attempt.TryGetProperty("nextAttemptAt", out _));
    }

    [Theory]
    [InlineData("""{"channel": "email", "to": "not an address", "link": "https://c.example/{alert}"}""", "to")]
    [InlineData("""{"channel": "sms", "to": "999", "link": "https://c.example/{alert}"}""", "to")]
    [InlineData("""{"channel": "email", "to": "duty@council.example"}""", "link")]
    [InlineData("""{"channel": "email", "to": "duty@council.example", "link": "http://c.example/{alert}"}""", "link")]
    [InlineData("""{"channel": "email", "to": "duty@council.example", "link": "https://c.example/"}""", "link")]
    [InlineData("""{"channel": "pigeon", "to": "duty@council.example"}""", "channel")]
    [InlineData("""{"channel": "fhir", "url": "https://c.example/"}""", "channel")]
    public async Task A_desk_that_cannot_be_reached_is_refused_by_field(string body, string field)
    {
        var council = new Desk(_service, Hub.ACouncilCode());

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await council.Http.PutAsync(
            new Uri("/subscriptions/desk", UriKind.Relative),
            content,
            TestContext.Current.CancellationToken
        );

        Assert.InRange((int)answer.StatusCode, 400, 409);
        Assert.Equal(
            field,
            (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken))
                .GetProperty("errors")[0]
                .Text("field")
        );
    }

    [Fact]
    public async Task A_hub_without_a_key_for_Notify_says_so()
    {
        await using var without = await ServiceUnderTest<NotificationDb>.StartAsync(servers);
        var answer = await new Desk(without, Hub.ACouncilCode()).Http.PutAsJsonAsync(
            "/subscriptions/desk",
            new
            {
                channel = "email",
                to = "duty@council.example",
                link = "https://c.example/{alert}",
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(
            "not set up",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private static async Task Subscribe(Desk council, string name, object body)
    {
        var answer = await council.Http.PutAsJsonAsync(
            $"/subscriptions/{name}",
            body,
            TestContext.Current.CancellationToken
        );
        Assert.True(
            (int)answer.StatusCode == 201,
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }
}
