using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>What the catalogue says of an event is what a webhook is sent.</summary>
public sealed class Event_catalogue(Hub hub) : IClassFixture<Hub>
{
    private const string Prefix = "uk.safeguarding-hub.";

    [Fact]
    public async Task Everybody_reads_every_type_that_the_contracts_name()
    {
        var types = (await Get("/events")).EnumerateArray().ToList();

        var named = typeof(AlertSignalTypes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(named.Order(), types.Select(type => type.Text("type")).Order());
        Assert.All(types, type => Assert.Equal(1, type.GetProperty("version").GetInt32()));
        Assert.All(types, type => Assert.Contains(type.Text("description")[^1], ".?"));
        Assert.Equal(
            404,
            (int)
                (
                    await hub
                        .Service.Anonymous()
                        .GetAsync(
                            new Uri("/events/no.such.v1", UriKind.Relative),
                            TestContext.Current.CancellationToken
                        )
                ).StatusCode
        );
    }

    [Fact]
    public async Task Real_events_of_every_kind_fit_the_schemas_thin_and_full()
    {
        await using var thin = await Receiver.StartAsync();
        await using var full = await Receiver.StartAsync();
        await using var failing = await Receiver.StartAsync();
        failing.Answer = Receiver.Status(500);
        var (council, other) = (hub.ACouncil(), hub.ACouncil());
        await hub.Publish(Hub.AContact(council.Code));
        await council.Subscribe(thin.Url, name: "thin");
        await council.Subscribe(full.Url, "full", "full");
        await council.Subscribe(failing.Url, name: "fails");
        var match = hub.AMatch(council);
        var now = TimeProvider.System.GetUtcNow();
        var asked = new MatchNeedsReview(Guid.CreateVersion7(), council.Code, 1, now, now.AddHours(4), Overdue: false);

        await hub.Publish(match);
        await full.AtLeast(1);
        var alert = await council.Alert(_ => true);
        await council.Post(
            $"/alerts/{alert.Id()}/acknowledge",
            new { kind = "person", name = "Duty social worker 14" }
        );
        await hub.Publish(match with { Version = 2, Status = EncounterStatus.Finished, EndedAt = now });
        await Sent("alert.amended.v1");
        await hub.Publish(new MatchWithdrawn(match.EncounterId, council.Code, 3, WithdrawalReason.PlanDeleted));
        await hub.Publish(
            hub.AMatch(council) with
            {
                Plans = [match.Plans[0] with { Restriction = PlanRestriction.ByCouncil }],
            }
        );
        await hub.Publish(asked, asked with { Overdue = true });
        await hub.Publish(
            new PlanUploadAwaitsConfirmation(Guid.CreateVersion7(), council.Code, 42, 310, 40, 0, 0, now),
            new PlanUploadAwaitsConfirmation(Guid.CreateVersion7(), council.Code, 43, 310, 0, 2, 1, now)
        );
        await hub.Publish(
            new PlanLookedUp(Guid.CreateVersion7(), council.Code, [Guid.CreateVersion7()], now, "RYJ", "clinician"),
            new PlanLookedUp(Guid.CreateVersion7(), council.Code, [Guid.CreateVersion7()], now, null, null)
        );
        await hub.Publish(Children_registered_again.APair(council, other));
        string[] expected =
        [
            "alert.amended.v1",
            "alert.raised.v1",
            "alert.withdrawn.v1",
            "child.registered-again.v1",
            "endpoint.failing.v1",
            "plan.looked-up.v1",
            "review.overdue.v1",
            "review.raised.v1",
            "upload.awaiting-confirmation.v1",
        ];
        await Sent(expected);

        foreach (var hook in thin.Received)
            await AssertFits(hook, "thin");
        foreach (var hook in full.Received)
            await AssertFits(hook, "full");
        Assert.DoesNotContain(full.Received, hook => hook.Event.TryGetProperty("synthetic", out _));

        async Task Sent(params string[] types)
        {
            foreach (var receiver in new[] { thin, full })
            {
                await Eventually.UntilAsync(
                    () => Task.FromResult(string.Join(", ", types.Except(receiver.Received.Select(hook => hook.Type)))),
                    missing => missing.Length == 0
                );
            }
        }
    }

    [Theory]
    [InlineData("thin")]
    [InlineData("full")]
    public async Task A_test_event_of_every_type_fits_its_schema_says_so_and_is_stored_nowhere(string payload)
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url, payload);

        foreach (var type in await Types())
            Assert.Equal(200, (await council.Post("/subscriptions/case-system/test", new { type })).Status);

        Assert.Equal(await Types(), receiver.Received.Select(hook => Prefix + hook.Type));
        foreach (var hook in receiver.Received)
        {
            await AssertFits(hook, payload);
            Assert.True(hook.Event.GetProperty("synthetic").GetBoolean());
        }

        Assert.Empty(await council.Alerts());
        Assert.Empty(await council.Alerts("?changedAfter=0"));
        Assert.Empty(await council.Claim());
        Assert.Equal(
            0,
            (await council.Get("/subscriptions/case-system/deliveries")).GetProperty("deliveries").GetArrayLength()
        );
        Assert.DoesNotContain((await new Desk(hub.Service, "HUB", "ops").Get("/ops/councils")).EnumerateArray(), row =>
            row.Text("council") == council.Code && row.GetProperty("alertsWaiting").GetInt32() > 0
        );
        Assert.False(await hub.Db(db => Task.FromResult(db.Alerts.Any(alert => alert.CouncilCode == council.Code))));
    }

    [Fact]
    public async Task A_test_event_of_no_type_of_the_catalogue_is_refused()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        await council.Subscribe(receiver.Url);

        var (status, refusal) = await council.Post("/subscriptions/case-system/test", new { type = "alert.raised.v1" });

        Assert.Equal((400, "type-unknown"), (status, refusal.Text("code")));
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task A_schema_refuses_an_event_that_lacks_what_is_always_there()
    {
        var kind = await Get($"/events/{AlertSignalTypes.Raised}");
        var sample = JsonNode.Parse(kind.GetProperty("full").GetProperty("sample").GetRawText())!;
        var schema = Schema(kind, "full");
        Assert.True(Fits(schema, sample));

        sample["data"]!.AsObject().Remove("summary");

        Assert.False(Fits(schema, sample));
    }

    private async Task AssertFits(Hook hook, string payload)
    {
        var result = Schema(await Get($"/events/{Prefix}{hook.Type}"), payload)
            .Evaluate(hook.Event, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(
            result.IsValid,
            $"{hook}: {string.Join(
                "; ",
                (result.Details ?? []).Where(one => one.Errors is not null).Select(one => $"{one.InstanceLocation} {string.Join(", ", one.Errors!.Values)}")
            )}"
        );
    }

    private static bool Fits(JsonSchema schema, JsonNode body) =>
        schema.Evaluate(JsonSerializer.SerializeToElement(body)).IsValid;

    private static JsonSchema Schema(JsonElement kind, string payload) =>
        JsonSchema.FromText(kind.GetProperty(payload).GetProperty("schema").GetRawText());

    private async Task<List<string>> Types() =>
        [.. (await Get("/events")).EnumerateArray().Select(type => type.Text("type"))];

    private async Task<JsonElement> Get(string path)
    {
        var answer = await hub.Service.Anonymous().GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(200, (int)answer.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }
}
