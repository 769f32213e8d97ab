using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.Contracts.Matches;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// A question that waits for a person of the council reaches one, and everybody when nobody takes
/// it.
/// </summary>
public sealed class Questions_to_a_council(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Fact]
    public async Task The_first_line_is_notified_and_all_when_it_is_overdue_and_never_of_whom()
    {
        await using var first = await Receiver.StartAsync();
        await using var standby = await Receiver.StartAsync();
        await using var stranger = await Receiver.StartAsync();
        var (council, other) = (hub.ACouncil(), hub.ACouncil());
        await council.Subscribe(first.Url);
        Assert.Equal(
            201,
            (int)
                (
                    await council.Http.PutAsJsonAsync(
                        "/subscriptions/manager",
                        new { url = standby.Url, standby = true },
                        TestContext.Current.CancellationToken
                    )
                ).StatusCode
        );
        await other.Subscribe(stranger.Url);
        var now = hub.Clock.GetUtcNow();
        var asked = new MatchNeedsReview(
            Guid.CreateVersion7(now),
            council.Code,
            1,
            now,
            now.AddHours(4),
            Overdue: false
        );

        await hub.Publish(asked);
        var raised = Assert.Single(await first.AtLeast(1));
        await hub.Publish(asked with { Overdue = true });
        var overdue = Assert.Single(await standby.AtLeast(1));
        await first.AtLeast(2);

        Assert.Equal(("review.raised.v1", "review.overdue.v1"), (raised.Type, overdue.Type));
        var body = JsonDocument.Parse(raised.Body).RootElement;
        Assert.Equal($"{asked.ReviewId:N}-1", body.Text("id"));
        Assert.Equal(
            ["councilCode", "dueAt", "raisedAt", "reviewId", "version"],
            body.GetProperty("data").EnumerateObject().Select(property => property.Name).Order()
        );
        Assert.Equal(["review.overdue.v1", "review.raised.v1"], first.Received.Select(hook => hook.Type).Order());
        Assert.Empty(stranger.Received);
    }
}
