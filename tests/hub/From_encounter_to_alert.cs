using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Safeguarding.Demo.Receiver;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>One running hub for tests that leave each other's councils alone.</summary>
public sealed class RunningHub(HubServers servers) : IAsyncLifetime
{
    private readonly DirectoryInfo _senders = Directory.CreateTempSubdirectory("senders");

    internal HubUnderTest Hub { get; private set; } = null!;

    /// <summary>Where it takes HL7 v2.</summary>
    internal int MllpPort { get; } = FreePort.Next();

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_senders.FullName, "pas.json"),
            """{"organisation":"RZ1","application":"PAS","facility":"RZ1","identifierSystem":"https://trust.example/Id/visit"}"""
        );
        Hub = await HubUnderTest.StartAsync(
            servers,
            ("Hl7v2:SendersDirectory", _senders.FullName),
            ("Hl7v2:AnswerSeconds", "60"),
            ("Hl7v2:Port", MllpPort.ToString(CultureInfo.InvariantCulture))
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _senders.Delete(recursive: true);
    }
}

/// <summary>The main job, over real HTTP, with every service a process of its own.</summary>
public sealed class From_encounter_to_alert(RunningHub running) : IClassFixture<RunningHub>
{
    private const string ThirdCouncil = "E08999911";
    private const string FourthCouncil = "E08999912";

    private HubUnderTest Hub => running.Hub;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // A time is written with as many digits as it has.
    private static async Task<int> LengthAsync(HttpResponseMessage answer) =>
        System
            .Text.RegularExpressions.Regex.Replace(
                await answer.Content.ReadAsStringAsync(Cancelled),
                @"\d{4}-\d\d-\d\dT[^""<]+",
                ""
            )
            .Length;

    [Fact]
    public async Task A_child_on_plans_of_two_councils_raises_one_alert_for_each_and_repeats_none()
    {
        await using var receiver = await WebhookReceiver.StartAsync(0);
        receiver.Trust("first", await Hub.SubscribeAsync(HubUnderTest.Council, receiver.Address("first")));
        receiver.Trust("second", await Hub.SubscribeAsync(HubUnderTest.OtherCouncil, receiver.Address("second")));
        var (child, stranger) = (Synthetic.AChild(), Synthetic.AChild());
        await Hub.PutPlanAsync(HubUnderTest.Council, "first-1", child);
        await Hub.PutPlanAsync(HubUnderTest.OtherCouncil, "second-1", child);
        using var epr = Hub.Client(Hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");

        var created = await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "one"), Cancelled);
        var strange = await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(stranger, "two"), Cancelled);
        var repeated = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ => epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "one"), Cancelled))
        );

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (created.StatusCode, strange.StatusCode));
        // Whether the child is on a plan is nothing the trust may learn from the answer.
        Assert.Equal(await LengthAsync(created), await LengthAsync(strange));
        Assert.All(repeated, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        // Each council is notified, too, that the other has registered the child.
        await Eventually.UntilAsync(
            () =>
                Task.FromResult(receiver.Deliveries.Count(delivery => delivery.Event["data"]?["alertId"] is not null)),
            alerts => alerts == 2
        );
        var first = Assert.Single(await Hub.AlertsAsync(HubUnderTest.Council));
        var second = Assert.Single(await Hub.AlertsAsync(HubUnderTest.OtherCouncil));
        Assert.Equal("first-1", (string?)first!["plans"]![0]!["reference"]);
        Assert.Equal("second-1", (string?)second!["plans"]![0]!["reference"]);
        Assert.DoesNotContain("second-1", first.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(0, receiver.Forged);

        // Neither council can read the other's, and cannot even tell that it exists.
        using var other = Hub.Client(Hub.Notification, HubUnderTest.OtherCouncil, "alert.read");
        var foreign = await other.GetAsync($"/alerts/{first["id"]}", Cancelled);
        var missing = await other.GetAsync($"/alerts/{Guid.CreateVersion7()}", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(
            await missing.Content.ReadAsStringAsync(Cancelled).ContinueWith(t => t.Result.Length, Cancelled),
            (await foreign.Content.ReadAsStringAsync(Cancelled)).Length
        );
    }

    [Fact]
    public async Task An_encounter_entered_in_error_and_a_deleted_plan_take_their_alerts_back()
    {
        var (mistaken, deleted) = (Synthetic.AChild(), Synthetic.AChild());
        await Hub.PutPlanAsync(ThirdCouncil, "plan-1", mistaken);
        await Hub.PutPlanAsync(ThirdCouncil, "plan-2", deleted);
        using var epr = Hub.Client(Hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(mistaken, "mistaken"), Cancelled);
        await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(deleted, "deleted"), Cancelled);
        await Eventually.UntilAsync(() => Hub.AlertsAsync(ThirdCouncil), alerts => alerts.Count == 2);

        await epr.PostAsync(
            "/fhir/Encounter",
            HubUnderTest.Encounter(mistaken, "mistaken", "entered-in-error"),
            Cancelled
        );
        using var council = Hub.Client(Hub.PlanRegistry, ThirdCouncil, "plan.write");
        await council.DeleteAsync("/plans/plan-2", Cancelled);

        await Eventually.UntilAsync(
            () => Hub.AlertsAsync(ThirdCouncil),
            alerts => alerts.Count == 2 && alerts.All(alert => (string?)alert!["state"] == "withdrawn")
        );
    }

    [Fact]
    public async Task An_arrival_by_hl7_v2_ends_as_an_alert_and_its_deletion_withdraws_it()
    {
        const string council = "E08999913";
        var child = Synthetic.AChild();
        await Hub.PutPlanAsync(council, "plan-1", child);
        var name = child.Names[0];
        string Message(string trigger, string at) =>
            $"\v"
            + $"MSH|^~\\&|PAS|RZ1|SGHUB|HUB|{at}||ADT^{trigger}^ADT_A01|{trigger}|P|2.4\rEVN|{trigger}|{at}\r"
            + $"PID|1||T1^^^RZ1^MR~{child.Identifier.NhsNumber!.Value.Reveal()}^^^NHS^NH||{name.Family}^{name.Given[0]}^^^^^L||{child.BirthDate:yyyyMMdd}\r"
            + "PV1|1|E|ED^^^RZ101||||||||||||||||AE26-1\r\x1C\r";
        using var pas = new TcpClient("127.0.0.1", running.MllpPort);
        using var answers = new StreamReader(pas.GetStream(), Encoding.ASCII);

        await pas.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Message("A04", "20261128021500")), Cancelled);
        Assert.StartsWith("MSA|AA|A04", await SecondLineAsync(), StringComparison.Ordinal);
        var alert = (await Eventually.UntilAsync(() => Hub.AlertsAsync(council), alerts => alerts.Count == 1))[0]!;
        Assert.Equal("plan-1", (string?)alert["plans"]![0]!["reference"]);

        await pas.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Message("A23", "20261128031500")), Cancelled);
        await Eventually.UntilAsync(
            () => Hub.AlertsAsync(council),
            alerts => alerts.Count == 1 && (string?)alerts[0]!["state"] == "withdrawn"
        );

        async Task<string?> SecondLineAsync()
        {
            await answers.ReadLineAsync(Cancelled);
            return await answers.ReadLineAsync(Cancelled);
        }
    }

    [Fact]
    public async Task A_plan_that_comes_after_the_encounter_raises_a_late_alert()
    {
        var child = Synthetic.AChild();
        using var epr = Hub.Client(Hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(child, "late"), Cancelled);

        await Hub.PutPlanAsync(FourthCouncil, "late-1", child);

        var alert = (await Eventually.UntilAsync(() => Hub.AlertsAsync(FourthCouncil), alerts => alerts.Count == 1))[
            0
        ]!;
        Assert.True((bool)alert["match"]!["late"]!);
    }
}
