using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging;

namespace Safeguarding.Notification.Tests;

/// <summary>An upload that waits for its council's confirmation is told to the council, once.</summary>
public sealed class Uploads_that_wait(Hub hub) : IClassFixture<Hub>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("the first line", "desk, standby", "desk")]
    [InlineData("several of the first line", "desk, desk-2, standby", "desk, desk-2")]
    [InlineData("not the duty team, though it is night", "desk, team", "desk")]
    [InlineData("everybody, where nobody is of the first line", "standby, team", "standby, team")]
    public async Task It_is_sent_to(string whom, string subscriptions, string told)
    {
        Assert.NotEmpty(whom);
        await using var endpoint = await Receiver.StartAsync();
        await using var stranger = await Receiver.StartAsync();
        var (council, other) = (hub.ACouncil(), hub.ACouncil());
        await other.Subscribe(stranger.Url);
        foreach (var name in subscriptions.Split(", "))
        {
            var body = new { url = endpoint.Url, standby = name == "standby" };
            Assert.Equal(
                201,
                (int)(await council.Http.PutAsJsonAsync($"/subscriptions/{name}", body, Cancelled)).StatusCode
            );
        }

        // Without office hours it is always night.
        if (subscriptions.Contains("team", StringComparison.Ordinal))
        {
            var desks = new { desks = new { emergencyDutyTeam = new[] { "team" } } };
            Assert.True(
                (
                    await council.Http.PutAsJsonAsync($"/escalations/{council.Code}", desks, Cancelled)
                ).IsSuccessStatusCode
            );
        }

        var waiting = new PlanUploadAwaitsConfirmation(
            Guid.CreateVersion7(),
            council.Code,
            42,
            310,
            12,
            1,
            298,
            TimeProvider.System.GetUtcNow()
        );

        await hub.Publish(waiting);
        var hooks = await endpoint.AtLeast(told.Split(", ").Length);

        Assert.All(hooks, hook => Assert.Equal("upload.awaiting-confirmation.v1", hook.Type));
        Assert.Equal(
            told,
            string.Join(
                ", ",
                await hub.Db(db =>
                    db.Deliveries.Where(delivery => delivery.CouncilCode == council.Code)
                        .Join(db.Subscriptions, one => one.SubscriptionId, to => to.Id, (_, to) => to.Name)
                        .OrderBy(name => name)
                        .ToListAsync(Cancelled)
                )
            )
        );
        var data = JsonDocument.Parse(hooks[0].Body).RootElement.GetProperty("data");
        Assert.Equal(waiting, data.Deserialize<PlanUploadAwaitsConfirmation>(HubJson.Options));
        Assert.Empty(stranger.Received);
    }
}
