using System.Net;
using Safeguarding.Seed.Receiver;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>The main job, over real HTTP, with every service a process of its own.</summary>
public sealed class From_encounter_to_alert(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // A time is written with as many digits as it has.
    private static async Task<int> LengthAsync(HttpResponseMessage answer) =>
        System.Text.RegularExpressions.Regex.Replace(await answer.Content.ReadAsStringAsync(Cancelled), @"\d{4}-\d\d-\d\dT[^""<]+", "").Length;

    [Fact]
    public async Task A_child_on_plans_of_two_councils_raises_one_alert_for_each_and_a_repeat_raises_none()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        await using var receiver = await WebhookReceiver.StartAsync(0);
        receiver.Trust("first", await hub.SubscribeAsync(HubUnderTest.Council, receiver.Address("first")));
        receiver.Trust("second", await hub.SubscribeAsync(HubUnderTest.OtherCouncil, receiver.Address("second")));
        var (child, stranger) = (Synthetic.AChild(), Synthetic.AChild());
        await hub.PutPlanAsync(HubUnderTest.Council, "first-1", child);
        await hub.PutPlanAsync(HubUnderTest.OtherCouncil, "second-1", child);
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");

        var created = await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "one"), Cancelled);
        var strange = await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(stranger, "two"), Cancelled);
        var repeated = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "one"), Cancelled)));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (created.StatusCode, strange.StatusCode));
        // Whether the child is on a plan is nothing the trust may learn from the answer.
        Assert.Equal(await LengthAsync(created), await LengthAsync(strange));
        Assert.All(repeated, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await Eventually.Async(() => Task.FromResult(receiver.Deliveries), deliveries => deliveries.Count == 2);
        var first = Assert.Single(await hub.AlertsAsync(HubUnderTest.Council));
        var second = Assert.Single(await hub.AlertsAsync(HubUnderTest.OtherCouncil));
        Assert.Equal("first-1", (string?)first!["plans"]![0]!["reference"]);
        Assert.Equal("second-1", (string?)second!["plans"]![0]!["reference"]);
        Assert.DoesNotContain("second-1", first.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(0, receiver.Forged);

        // Neither council can read the other's, and cannot even tell that it exists.
        using var other = hub.Client(hub.Notification, HubUnderTest.OtherCouncil, "alert.read");
        var foreign = await other.GetAsync($"/alerts/{first["id"]}", Cancelled);
        var missing = await other.GetAsync($"/alerts/{Guid.CreateVersion7()}", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(await missing.Content.ReadAsStringAsync(Cancelled).ContinueWith(t => t.Result.Length, Cancelled), (await foreign.Content.ReadAsStringAsync(Cancelled)).Length);
    }

    [Fact]
    public async Task An_encounter_entered_in_error_and_a_deleted_plan_take_their_alerts_back()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        var (mistaken, deleted) = (Synthetic.AChild(), Synthetic.AChild());
        await hub.PutPlanAsync(HubUnderTest.Council, "plan-1", mistaken);
        await hub.PutPlanAsync(HubUnderTest.Council, "plan-2", deleted);
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(mistaken, "one"), Cancelled);
        await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(deleted, "two"), Cancelled);
        await Eventually.Async(() => hub.AlertsAsync(HubUnderTest.Council), alerts => alerts.Count == 2);

        await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(mistaken, "one", "entered-in-error"), Cancelled);
        using var council = hub.Client(hub.PlanRegistry, HubUnderTest.Council, "plan.write");
        await council.DeleteAsync("/plans/plan-2", Cancelled);

        await Eventually.Async(
            () => hub.AlertsAsync(HubUnderTest.Council), alerts => alerts.Count == 2 && alerts.All(alert => (string?)alert!["state"] == "withdrawn"));
    }

    [Fact]
    public async Task A_plan_that_comes_after_the_encounter_raises_a_late_alert()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        var child = Synthetic.AChild();
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "one"), Cancelled);

        await hub.PutPlanAsync(HubUnderTest.Council, "late-1", child);

        var alert = (await Eventually.Async(() => hub.AlertsAsync(HubUnderTest.Council), alerts => alerts.Count == 1))[0]!;
        Assert.True((bool)alert["match"]!["late"]!);
    }
}
