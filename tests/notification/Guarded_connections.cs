using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// The way out, with private networks closed as in production; http is open only so that a receiver can stand
/// on loopback.
/// </summary>
public sealed class Guarded_connections(HubServers servers)
{
    [Fact]
    public async Task A_name_that_leads_into_the_hubs_own_network_is_never_called()
    {
        var settings = new Dictionary<string, string?> { ["Webhooks:AllowHttp"] = "true" };
        await using var service = await ServiceUnderTest<NotificationDb>.StartAsync(servers, settings);
        await using var receiver = await Receiver.StartAsync();
        var council = new Desk(service, Hub.ACouncilCode());
        await council.Subscribe(new Uri($"http://localhost:{receiver.Port}/hooks"));

        var (status, test) = await council.Post("/subscriptions/case-system/test");
        await service.Bus.PublishAsync(Hub.AMatch(council.Code, service.Surroundings.Keys.Sealer));
        var alert = await council.Alert(_ => true);
        var attempt = await council.Attempt(alert.Id(), "addressNotAllowed");

        Assert.Equal((200, "addressNotAllowed"), (status, test.Text("outcome")));
        Assert.False(attempt.TryGetProperty("status", out _));
        Assert.Empty(receiver.Received);
        Assert.Equal(
            400,
            (int)
                (
                    await council.Http.PutAsJsonAsync(
                        "/subscriptions/other",
                        new { url = $"http://127.0.0.1:{receiver.Port}/hooks" },
                        TestContext.Current.CancellationToken
                    )
                ).StatusCode
        );
    }

    [Fact]
    public async Task A_test_event_tells_a_class_and_a_status_and_never_what_the_endpoint_answered()
    {
        await using var service = await ServiceUnderTest<NotificationDb>.StartAsync(servers, Hub.Settings);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async http =>
        {
            http.Response.StatusCode = 500;
            await http.Response.WriteAsync("inner secret");
        };
        var council = new Desk(service, Hub.ACouncilCode());
        var secret = await council.Subscribe(receiver.Url);

        var (status, result) = await council.Post("/subscriptions/case-system/test");

        var hook = Assert.Single(receiver.Received);
        Assert.Equal(
            (200, "serverError", 500),
            (status, result.Text("outcome"), result.GetProperty("status").GetInt32())
        );
        Assert.DoesNotContain("inner secret", result.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("test.v1", hook.Type);
        Endpoint_that_fails.AssertSigned(secret, hook);
    }

    [Fact]
    public async Task An_operator_opens_a_private_network_for_one_endpoint_at_one_host_and_for_no_other()
    {
        var settings = new Dictionary<string, string?> { ["Webhooks:AllowHttp"] = "true" };
        await using var service = await ServiceUnderTest<NotificationDb>.StartAsync(servers, settings);
        await using var receiver = await Receiver.StartAsync();
        await using var elsewhere = await Receiver.StartAsync();
        var (council, neighbour) = (new Desk(service, Hub.ACouncilCode()), new Desk(service, Hub.ACouncilCode()));
        foreach (var desk in new[] { council, neighbour })
            await desk.Subscribe(new Uri($"http://localhost:{receiver.Port}/hooks"));
        var operators = service.Client("HUB", "ops");
        var endpoint = (
            await operators.GetFromJsonAsync<JsonElement>(
                $"/endpoints?council={council.Code}",
                TestContext.Current.CancellationToken
            )
        )[0];
        var route = $"/endpoints/{endpoint.GetProperty("subscriptionId").GetGuid()}/private-networks";
        async Task<string> Tested(Desk desk) =>
            (await desk.Post("/subscriptions/case-system/test")).Body.Text("outcome");

        Assert.Equal("addressNotAllowed", await Tested(council));
        foreach (var network in new[] { "0.0.0.0/0", "169.254.0.0/16", "8.8.8.0/24", "::/0", "loopback" })
        {
            Assert.Equal(
                400,
                (int)
                    (
                        await operators.PutAsJsonAsync(
                            route,
                            new { networks = new[] { network } },
                            TestContext.Current.CancellationToken
                        )
                    ).StatusCode
            );
        }

        Assert.Equal(
            200,
            (int)
                (
                    await operators.PutAsJsonAsync(
                        route,
                        new { networks = new[] { "127.0.0.0/8", "::1/128" } },
                        TestContext.Current.CancellationToken
                    )
                ).StatusCode
        );

        Assert.Equal("delivered", await Tested(council));
        Assert.Equal("addressNotAllowed", await Tested(neighbour));
        await council.Http.PutAsJsonAsync(
            "/subscriptions/case-system",
            new { url = $"http://localhost:{elsewhere.Port}/hooks" },
            TestContext.Current.CancellationToken
        );
        Assert.Equal("addressNotAllowed", await Tested(council));
        Assert.Equal(
            "endpoint.private-networks.open",
            (
                await service.Db(db =>
                    Task.FromResult(
                        db.Set<Safeguarding.Hosting.Audit.AuditRecord>()
                            .Single(record =>
                                record.Organisation == "HUB"
                                && record.Outcome == Safeguarding.Hosting.Audit.AuditOutcome.Success
                                && EF.Functions.Like(record.Act, "endpoint.private%")
                            )
                    )
                )
            ).Act
        );
    }

    [Fact]
    public async Task An_endless_answer_and_a_name_that_does_not_resolve_end_as_classes()
    {
        await using var service = await ServiceUnderTest<NotificationDb>.StartAsync(servers, Hub.Settings);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async http =>
        {
            for (var i = 0; i < 3000; i++)
                http.Response.Headers.Append($"x-{i}", new string('y', 200));
            await http.Response.WriteAsync("late");
        };
        var council = new Desk(service, Hub.ACouncilCode());
        await council.Subscribe(receiver.Url, name: "endless");
        await council.Subscribe(new Uri("http://no-such-host.invalid/hooks"), name: "nameless");

        Assert.Equal("answerInvalid", (await council.Post("/subscriptions/endless/test")).Body.Text("outcome"));
        Assert.Equal("nameNotResolved", (await council.Post("/subscriptions/nameless/test")).Body.Text("outcome"));
    }
}
