using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.PlanRegistry.BreakGlass;
using Safeguarding.PlanRegistry.Domain.BreakGlass;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>
/// A person goes on without a purpose that the rules know; a colleague confirms it, a privacy officer judges it.
/// </summary>
public sealed class Break_glass(RegistryForLookUps running) : IClassFixture<RegistryForLookUps>
{
    private const string Hospital = "RXX";
    private const string Emergency = "clinician-unscheduled";
    private const string Police = "43";
    private const string Why = "The child fled from the ward and a porter saw where to.";

    private Registry Registry => running.Registry;

    [Theory]
    [InlineData(Hospital, Emergency, false, false, "child-protection E09000012")]
    [InlineData(Hospital, Emergency, true, false, "restricted E09000012")]
    [InlineData(Hospital, Emergency, true, true, "restricted child-protection E09000012")]
    [InlineData(Registry.Kent, "duty-worker", false, false, "child-protection E09000012")]
    [InlineData(Registry.Kent, "duty-worker", true, false, "restricted E09000012")]
    [InlineData(Registry.Kent, "duty-worker", true, true, "restricted child-protection E09000012")]
    [InlineData(Police, "control-room", false, false, "child-protection E09000012")]
    [InlineData(Police, "control-room", true, false, "")]
    [InlineData(Police, "control-room", true, true, "restricted E09000012")]
    public async Task A_restricted_child_takes_two_people(
        string organisation,
        string role,
        bool restricted,
        bool seconded,
        string shown
    )
    {
        var child = await running.AChildAsync(restricted: restricted);
        using var person = running.Person(organisation, role, "first");
        using var colleague = running.Person(organisation, role, "second");
        var answer = await LookUpAsync(person, child);
        if (seconded)
        {
            var second = await PostAsync(colleague, $"/break-glass/{UseOf(answer)}/second");
            Assert.Equal(200, second.Status);
            answer = await LookUpAsync(person, child);
        }

        Assert.Equal(seconded, answer.GetProperty("breakGlass").GetProperty("seconded").GetBoolean());
        Assert.Equal(
            shown,
            string.Join(
                ", ",
                answer
                    .GetProperty("plans")
                    .EnumerateArray()
                    .Select(found =>
                        string.Join(
                            ' ',
                            new[]
                            {
                                found.GetProperty("restricted").GetBoolean() ? "restricted" : null,
                                Text(found, "kind"),
                                Text(found.GetProperty("council"), "code"),
                            }.Where(part => part is not null)
                        )
                    )
            )
        );
    }

    [Theory]
    [InlineData("clinician-scheduled", Why, null, "break-glass", 403, "break-glass-not-allowed")]
    [InlineData(Emergency, null, null, "break-glass", 400, "reason-missing")]
    [InlineData(Emergency, "urgent", null, "break-glass", 400, "reason-unusable")]
    [InlineData("safeguarding-lead", Why, true, "break-glass", 400, "break-glass-not-silent")]
    [InlineData(Emergency, Why, null, "direct-care", 400, "reason-not-expected")]
    public async Task It_takes_the_role_and_a_reason_and_is_never_silent(
        string role,
        string? reason,
        bool? scheduled,
        string purpose,
        int status,
        string code
    )
    {
        using var person = running.Person(Hospital, role);
        var body = new
        {
            nhsNumber = running.AnUnknownChild().NhsNumber,
            purpose,
            scheduled,
            reason,
        };

        var answer = await PostAsync(person, "/lookups", body);

        Assert.Equal((status, code), (answer.Status, Text(answer.Body, "code")));
    }

    [Fact]
    public async Task It_holds_for_one_person_one_child_and_half_an_hour()
    {
        await using var own = await Registry.StartAsync(running.Servers);
        var used = await own.Service.Bus.ListenAsync<BreakGlassUsed>();
        var (child, other) = (running.AnUnknownChild(), running.AnUnknownChild());
        using var person = Person("first");
        using var colleague = Person("second");

        var first = UseOf(await LookUpAsync(person, child));
        own.Clock.Advance(TimeSpan.FromMinutes(29));
        var again = UseOf(await LookUpAsync(person, child));
        var ofOther = UseOf(await LookUpAsync(person, other));
        var ofColleague = UseOf(await LookUpAsync(colleague, child));
        own.Clock.Advance(TimeSpan.FromMinutes(2));
        var late = await PostAsync(colleague, $"/break-glass/{first}/second");
        var afterwards = UseOf(await LookUpAsync(person, child));

        Assert.Equal(first, again);
        Assert.Equal(4, new[] { first, ofOther, ofColleague, afterwards }.Distinct().Count());
        Assert.Equal((409, "break-glass-over"), (late.Status, Text(late.Body, "code")));
        var events = await used.AtLeast(4);
        Assert.Equal(
            new[] { first, ofOther, ofColleague, afterwards }.Order(),
            events.Select(one => one.UseId).Order()
        );
        Assert.All(events, one => Assert.Equal(Hospital, one.Organisation));

        HttpClient Person(string name)
        {
            var client = own.Service.Anonymous();
            client.DefaultRequestHeaders.Authorization = running.Bearer(Hospital, Emergency, name);
            return client;
        }
    }

    [Fact]
    public async Task Each_use_waits_until_somebody_who_had_no_part_in_it_has_judged_it_once()
    {
        var child = await running.AChildAsync();
        using var person = running.Person(Hospital, "safeguarding-lead", "used-it");
        using var colleague = running.Person(Hospital, Emergency, "stood-by");
        using var officer = running.Person(Hospital, "privacy-officer", "officer");
        using var elsewhere = running.Person("RYY", "privacy-officer", "officer");
        var use = UseOf(await LookUpAsync(person, child));
        var judge = $"/break-glass/{use}/judge";
        var verdict = new { verdict = "not-justified", note = "The ward had not been asked first." };

        var own = await PostAsync(person, $"/break-glass/{use}/second");
        await PostAsync(colleague, $"/break-glass/{use}/second");
        var waiting = await ListAsync(officer, "waiting", use);
        var stranger = await PostAsync(elsewhere, judge, verdict);
        var missing = await PostAsync(elsewhere, $"/break-glass/{Guid.CreateVersion7()}/judge", verdict);
        var unsaid = await PostAsync(officer, judge, new { verdict = "not-justified" });
        var judged = await PostAsync(officer, judge, verdict);
        var twice = await PostAsync(officer, judge, new { verdict = "justified" });

        Assert.Equal((403, "another-person-needed"), (own.Status, Text(own.Body, "code")));
        Assert.Equal(Why, Text(waiting!.Value, "reason"));
        Assert.EndsWith("used-it", Text(waiting.Value, "person"), StringComparison.Ordinal);
        Assert.EndsWith("stood-by", Text(waiting.Value, "secondPerson"), StringComparison.Ordinal);
        Assert.Equal((404, 404), (stranger.Status, missing.Status));
        Assert.Equal(Text(stranger.Body, "detail"), Text(missing.Body, "detail"));
        Assert.Equal((400, "note-missing"), (unsaid.Status, Text(unsaid.Body, "code")));
        Assert.Equal((200, "not-justified"), (judged.Status, Text(judged.Body, "verdict")));
        Assert.Equal((409, "judged-already"), (twice.Status, Text(twice.Body, "code")));
        Assert.Null(await ListAsync(officer, "waiting", use));
        Assert.NotNull(await ListAsync(officer, "judged", use));
        Assert.Null(await ListAsync(elsewhere, "judged", use));
        Assert.Equal(
            ["break-glass.judge", "break-glass.second", "break-glass.use"],
            await Registry.Service.Db(db =>
                db.Set<AuditRecord>()
                    .Where(record => record.Subject == use && record.Outcome == AuditOutcome.Success)
                    .Select(record => record.Act)
                    .Distinct()
                    .Order()
                    .ToListAsync(Registry.Cancelled)
            )
        );
        Assert.DoesNotContain(
            "porter",
            await Registry.Service.Db(db =>
                db.Database.SqlQuery<string>(
                        $"SELECT reason AS \"Value\" FROM plan_registry.break_glass_use WHERE id = {use}"
                    )
                    .SingleAsync(Registry.Cancelled)
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task How_long_a_use_waits_is_measured_until_it_is_judged()
    {
        await using var own = await Registry.StartAsync(running.Servers);
        var watch = own.Service.Services.GetServices<IHostedService>().OfType<WatchBreakGlass>().Single();
        using var person = own.Service.Anonymous();
        person.DefaultRequestHeaders.Authorization = running.Bearer(Hospital, Emergency, "first");
        var use = UseOf(await LookUpAsync(person, running.AnUnknownChild()));
        own.Clock.Advance(TimeSpan.FromHours(9));
        using var officer = own.Service.Anonymous();
        officer.DefaultRequestHeaders.Authorization = running.Bearer(Hospital, "privacy-officer", "officer");

        var waits = await watch.MeasureAsync(Registry.Cancelled);
        await PostAsync(officer, $"/break-glass/{use}/judge", new { verdict = "justified" });

        Assert.Equal(Hospital, Assert.Single(waits).Key);
        Assert.Equal(TimeSpan.FromHours(9).TotalSeconds, waits[Hospital], TimeSpan.FromMinutes(1).TotalSeconds);
        Assert.Empty(await watch.MeasureAsync(Registry.Cancelled));
    }

    [Theory]
    [InlineData("who used it", "SamePerson")]
    [InlineData("who stood by", "SamePerson")]
    [InlineData("an officer", null)]
    public void Nobody_judges_what_they_took_part_in(string person, string? fault)
    {
        var now = TimeProvider.System.GetUtcNow();
        var use = new BreakGlassUse
        {
            Id = Guid.CreateVersion7(),
            Organisation = Hospital,
            Person = "who used it",
            Role = Emergency,
            NhsNumberMac = [1],
            Reason = Why,
            At = now,
            Until = now + BreakGlassUse.Lasts,
        };
        use.Second("who stood by", now);

        Assert.Equal(fault, use.Judge(BreakGlassVerdict.Justified, null, person, now)?.ToString());
    }

    private static Guid UseOf(JsonElement answer) => answer.GetProperty("breakGlass").GetProperty("useId").GetGuid();

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static async Task<JsonElement?> ListAsync(HttpClient officer, string state, Guid use)
    {
        var page = await Registry.GetAsync(officer, $"/break-glass?state={state}");
        return page.GetProperty("uses")
            .EnumerateArray()
            .Where(one => one.GetProperty("useId").GetGuid() == use)
            .Select(one => (JsonElement?)one)
            .SingleOrDefault();
    }

    private static async Task<JsonElement> LookUpAsync(HttpClient person, APlan child)
    {
        var body = new
        {
            nhsNumber = child.NhsNumber,
            purpose = "break-glass",
            reason = Why,
        };
        var answer = await PostAsync(person, "/lookups", body);
        Assert.True(answer.Status == 200, answer.Body.ToString());
        return answer.Body;
    }

    private static async Task<(int Status, JsonElement Body)> PostAsync(
        HttpClient person,
        string route,
        object? body = null
    )
    {
        using var answer = await person.PostAsync(route, body is null ? null : Registry.Json(body), Registry.Cancelled);
        return ((int)answer.StatusCode, await Registry.JsonAsync(answer));
    }
}
