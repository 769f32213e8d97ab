using System.Text.Json;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>Two councils that have the same child are both told, each as much as it may know.</summary>
public sealed class Children_registered_again(Hub hub) : IClassFixture<Hub>
{
    private const OtherCouncilShown Named = OtherCouncilShown.Named;

    [Fact]
    public async Task Both_are_notified_once_and_see_that_they_were()
    {
        await using var receiver = await Receiver.StartAsync();
        var (holder, registrant) = (hub.ACouncil(), hub.ACouncil());
        await holder.Subscribe(receiver.Url, "full");
        await registrant.Subscribe(receiver.Url);
        var pair = APair(holder, registrant);

        await hub.Publish(pair);
        await hub.Publish(pair);
        var hooks = await receiver.AtLeast(2);

        foreach (
            var (council, by, other) in new[] { (holder, "anotherCouncil", registrant), (registrant, "you", holder) }
        )
        {
            var told = await SentAsync(council);
            Assert.Equal(by, told.Text("registeredBy"));
            Assert.Equal(other.Code, told.Text("otherCouncil"));
            var hook = Assert.Single(hooks, hook =>
                hook.Event.GetRawText().Contains(council.Code, StringComparison.Ordinal)
            );
            Assert.Equal("child.registered-again.v1", hook.Type);
            Assert.Equal(told.Id(), hook.Event.GetProperty("data").GetProperty("registrationId").GetGuid());
            // Which child and which council is read, not sent.
            Assert.All([other.Code, "CP-1041", "LD-77"], secret =>
                Assert.DoesNotContain(secret, hook.Event.GetRawText(), StringComparison.Ordinal)
            );

            var delivery = await Eventually.UntilAsync(
                async () =>
                    Assert.Single(
                        (await council.Get($"/registrations/{told.Id()}")).GetProperty("deliveries").EnumerateArray()
                    ),
                delivery => delivery.Text("state") == "delivered"
            );
            Assert.Equal("case-system", delivery.Text("subscription"));
        }

        foreach (var (plan, count) in new[] { ("CP-1041", 1), ("CP-1042", 0), ("LD-77", 0) })
        {
            var registrations = (await holder.Get($"/registrations?plan={plan}")).GetProperty("registrations");
            Assert.Equal((plan, count), (plan, registrations.GetArrayLength()));
        }

        Assert.DoesNotContain("LD-77", (await holder.Get("/registrations")).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "CP-1041",
            (await registrant.Get("/registrations")).GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(OtherCouncilShown.Named, OtherCouncilShown.Nothing)]
    [InlineData(OtherCouncilShown.Unnamed, OtherCouncilShown.Named)]
    public async Task Of_a_restricted_child_each_learns_no_more_than_it_may(
        OtherCouncilShown tellHolder,
        OtherCouncilShown tellRegistrant
    )
    {
        var (holder, registrant) = (hub.ACouncil(), hub.ACouncil());
        await hub.Publish(APair(holder, registrant) with { TellHolder = tellHolder, TellRegistrant = tellRegistrant });

        var told = await SentAsync(holder);
        Assert.Equal(
            tellHolder is Named ? registrant.Code : null,
            told.TryGetProperty("otherCouncil", out var other) ? other.GetString() : null
        );
        var ofRegistrant = (await registrant.Get("/registrations")).GetProperty("registrations");
        Assert.Equal(tellRegistrant is Named ? 1 : 0, ofRegistrant.GetArrayLength());
    }

    internal static ChildRegisteredAgain APair(Desk holder, Desk registrant) =>
        new(
            Guid.CreateVersion7(),
            new(Guid.CreateVersion7(), registrant.Code, "LD-77"),
            new(Guid.CreateVersion7(), holder.Code, "CP-1041"),
            TimeProvider.System.GetUtcNow(),
            Named,
            Named
        );

    private static async Task<JsonElement> SentAsync(Desk council) =>
        (
            await Eventually.UntilAsync(
                async () => (await council.Get("/registrations")).GetProperty("registrations"),
                told => told.GetArrayLength() > 0
            )
        )
            .EnumerateArray()
            .Single();
}
