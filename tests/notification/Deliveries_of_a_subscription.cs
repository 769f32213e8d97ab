using System.Text.Json;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>A council's engineer sees what went to an endpoint, why it failed, and sends one again.</summary>
public sealed class Deliveries_of_a_subscription(Hub hub) : IClassFixture<Hub>
{
    private const string Deliveries = "/subscriptions/case-system/deliveries";

    [Fact]
    public async Task A_council_sees_each_attempt_at_its_endpoint_and_nothing_of_a_child()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(410);
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url, "full");
        await hub.Publish(hub.AMatch(council));

        var parked = await Delivery(council, "parked");

        var alert = await council.Alert(_ => true);
        var attempt = Assert.Single(parked.GetProperty("latestAttempts").EnumerateArray());
        Assert.Equal(
            (
                alert.Id(),
                $"{alert.Id():N}-1",
                receiver.Received[0].Id,
                "uk.safeguarding-hub.alert.raised.v1",
                "gone",
                410
            ),
            (
                parked.GetProperty("alertId").GetGuid(),
                parked.Text("eventId"),
                parked.Text("webhookId"),
                parked.Text("eventType"),
                attempt.Text("outcome"),
                attempt.GetProperty("status").GetInt32()
            )
        );
        Assert.Equal(parked.Text("eventId"), receiver.Received[0].Event.Text("id"));
        Assert.Equal(parked.GetRawText(), (await council.Get($"{Deliveries}/{parked.Id()}")).GetRawText());
        Assert.All(new[] { "CP-1041", "Elsewhere", "RYJ", "7946", "hooks" }, canary =>
            Assert.DoesNotContain(canary, parked.GetRawText(), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Pages_hold_every_delivery_once_and_a_state_narrows_them()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council), hub.AMatch(council), hub.AMatch(council));
        await Eventually.UntilAsync(
            () => council.Get($"{Deliveries}?state=delivered"),
            page => page.GetProperty("deliveries").GetArrayLength() == 3
        );

        List<Guid> seen = [];
        Guid? before = null;
        do
        {
            var page = await council.Get($"{Deliveries}?limit=1{(before is null ? "" : $"&before={before}")}");
            seen.Add(Assert.Single(page.GetProperty("deliveries").EnumerateArray()).Id());
            before = page.TryGetProperty("before", out var next) ? next.GetGuid() : null;
        } while (before is not null);

        Assert.Equal(3, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(), seen);
        Assert.Equal(0, (await council.Get($"{Deliveries}?state=parked")).GetProperty("deliveries").GetArrayLength());
    }

    [Fact]
    public async Task One_delivery_is_sent_again_under_the_same_ids_and_with_the_same_bytes()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await hub.Publish(hub.AMatch(council));
        var delivered = await Delivery(council, "delivered");

        var (status, again) = await council.Post($"{Deliveries}/{delivered.Id()}/resend");

        Assert.Equal((200, "waiting"), (status, again.Text("state")));
        var hooks = await receiver.AtLeast(2);
        Assert.Equal((hooks[0].Id, hooks[0].ToString()), (hooks[1].Id, hooks[1].ToString()));
        var alert = await council.Alert(_ => true);
        Assert.Single(await council.Deeds(alert), deed => deed == "deliveryReplayed");
    }

    [Fact]
    public async Task An_older_version_is_not_sent_over_a_newer_one()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var raised = await Delivery(council, "delivered");
        await hub.Publish(new MatchWithdrawn(match.EncounterId, council.Code, 2, WithdrawalReason.PlanDeleted));
        await receiver.AtLeast(2);

        var (status, refusal) = await council.Post($"{Deliveries}/{raised.Id()}/resend");

        Assert.Equal((409, "newer-version-sent"), (status, refusal.Text("code")));
        Assert.Equal(2, receiver.Received.Count);
    }

    [Fact]
    public async Task What_was_cancelled_stays_unsent_and_a_subscription_that_is_off_says_so()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        await council.Put("/subscriptions/case-system", new { url = receiver.Url, enabled = false });
        var match = hub.AMatch(council);
        await hub.Publish(match);
        var waiting = await Delivery(council, "waiting");
        var off = await council.Post($"{Deliveries}/{waiting.Id()}/resend");
        await hub.Publish(new MatchWithdrawn(match.EncounterId, council.Code, 2, WithdrawalReason.PlanDeleted));
        var cancelled = await Delivery(council, "cancelled");
        await council.Put("/subscriptions/case-system", new { url = receiver.Url, enabled = true });

        var (status, refusal) = await council.Post($"{Deliveries}/{cancelled.Id()}/resend");

        Assert.Equal((409, "subscription-off"), (off.Status, off.Body.Text("code")));
        Assert.Equal((409, "delivery-cancelled"), (status, refusal.Text("code")));
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task Of_a_restricted_child_neither_times_nor_ids_say_more_than_the_day()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);
        var match = hub.AMatch(council);
        await hub.Publish(match with { Plans = [match.Plans[0] with { Restriction = PlanRestriction.ByCouncil }] });

        var delivered = await Delivery(council, "delivered");

        // The first 48 bits of a version 7 UUID are its time in milliseconds.
        var ofId = Convert.ToInt64(delivered.Id().ToString("N")[..12], fromBase: 16);
        DateTimeOffset[] times =
        [
            delivered.GetProperty("createdAt").GetDateTimeOffset(),
            delivered.GetProperty("endedAt").GetDateTimeOffset(),
            delivered.GetProperty("latestAttempts")[0].GetProperty("at").GetDateTimeOffset(),
            DateTimeOffset.FromUnixTimeMilliseconds(ofId),
        ];
        Assert.All(times, time => Assert.Equal(time.DayOnly(), time));
    }

    private static async Task<JsonElement> Delivery(Desk council, string state) =>
        (
            await Eventually.UntilAsync(
                () => council.Get($"{Deliveries}?state={state}"),
                page => page.GetProperty("deliveries").GetArrayLength() == 1
            )
        ).GetProperty("deliveries")[0];
}
