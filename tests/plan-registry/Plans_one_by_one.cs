using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

public sealed class Plans_one_by_one(HubServers servers) : IAsyncLifetime
{
    private Registry _registry = null!;
    private HttpClient _council = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await Registry.StartAsync(servers);
        _council = _registry.Council();
    }

    public ValueTask DisposeAsync()
    {
        _council.Dispose();
        return _registry.DisposeAsync();
    }

    [Fact]
    public async Task Created_read_amended_and_sent_again_a_plan_grows_in_version_only_when_it_changed()
    {
        var amended = await _registry.Service.Bus.ListenAsync<PlanAmended>();
        var plan = APlan.Number(1);

        var created = await PutAsync(plan);
        var same = await PutAsync(plan);
        var changed = await PutAsync(plan with { FamilyName = "Fenfield" });
        var read = await _council.GetAsync("/plans/CP-1", Registry.Cancelled);

        Assert.Equal((HttpStatusCode.Created, "\"1\""), (created.StatusCode, created.Headers.ETag!.Tag));
        Assert.Equal("/plans/CP-1", created.Headers.Location!.ToString());
        Assert.Equal((HttpStatusCode.OK, "\"1\""), (same.StatusCode, same.Headers.ETag!.Tag));
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (changed.StatusCode, changed.Headers.ETag!.Tag));
        var body = await Registry.JsonAsync(read);
        Assert.Equal("\"2\"", read.Headers.ETag!.Tag);
        Assert.Equal("Fenfield", body.GetProperty("subject").GetProperty("names")[0].GetProperty("family").GetString());
        Assert.Equal(
            ("child-protection", "342191000000101", "running"),
            (Text(body, "kind"), Text(body, "kindCode"), Text(body, "status"))
        );
        Assert.Equal(2, (await amended.One(_ => true)).Version);
        Assert.Single(amended.All);
    }

    [Fact]
    public async Task A_register_in_numbers_hides_small_ones_and_says_how_fresh_it_is()
    {
        using var reader = _registry.Service.Client(Registry.Hackney, "alert.read");
        using var another = _registry.Service.Client(Registry.Kent, "alert.read");
        await Registry.UploadAsync(_council, APlan.File(Enumerable.Range(1, 6).Select(APlan.Number)), 1);
        await PutAsync(APlan.Number(7) with { Kind = "looked-after" });

        var figures = await Registry.GetAsync(reader, "/plan-figures");

        Assert.Equal(6, figures.GetProperty("childProtection").GetInt32());
        Assert.Equal(0, figures.GetProperty("unborn").GetInt32());
        Assert.False(figures.TryGetProperty("lookedAfter", out _));
        Assert.Equal(0, figures.GetProperty("refusedLines").GetInt32());
        Assert.True(
            figures.GetProperty("changedAt").GetDateTimeOffset()
                >= figures.GetProperty("uploadedAt").GetDateTimeOffset()
        );
        var others = await Registry.GetAsync(another, "/plan-figures");
        Assert.Equal(0, others.GetProperty("childProtection").GetInt32());
        Assert.False(others.TryGetProperty("changedAt", out _));
    }

    [Fact]
    public async Task What_a_council_sends_is_a_sign_of_life_and_its_silence_shows()
    {
        using var operations = _registry.Service.Client("HUB", "ops");
        using var refused = _registry.Council(Registry.Kent);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (
                await refused.PutAsJsonAsync(
                    "/plans/CP-1",
                    (APlan.Number(1) with { Kind = "nonsense" }).Body,
                    Registry.Cancelled
                )
            ).StatusCode
        );
        await PutAsync(APlan.Number(1));

        var listing = await Registry.JsonAsync(await operations.GetAsync("/ops/sources", Registry.Cancelled));

        var source = Assert.Single(listing.GetProperty("sources").EnumerateArray());
        Assert.Equal((Registry.Hackney, "learning"), (Text(source, "organisation"), Text(source, "state")));
        Assert.Equal(_registry.Clock.GetUtcNow(), source.GetProperty("lastArrivalAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_plan_stays_restricted_until_its_council_says_that_it_is_not()
    {
        var registered = await _registry.Service.Bus.ListenAsync<PlanRegistered>();
        var amended = await _registry.Service.Bus.ListenAsync<PlanAmended>();
        var plan = APlan.Number(1);

        await PutAsync(plan with { Restricted = true });
        await PutAsync(plan with { Restricted = true });
        await PutAsync(plan with { FamilyName = "Fenfield" });
        Assert.True(await IsRestrictedAsync());
        await PutAsync(plan with { Restricted = false });
        Assert.False(await IsRestrictedAsync());
        await Registry.UploadAsync(
            _council,
            $"reference,kind,start_date,nhs_number,restricted\nCP-1,child-protection,2026-03-01,{plan.NhsNumber},yes",
            1,
            "changes"
        );
        Assert.True(await IsRestrictedAsync());
        await Registry.UploadAsync(
            _council,
            $"reference,kind,start_date,nhs_number\nCP-1,child-protection,2026-03-02,{plan.NhsNumber}",
            2,
            "changes"
        );
        Assert.True(await IsRestrictedAsync());
        await Registry.UploadAsync(
            _council,
            $$"""{"reference":"CP-1","kind":"child-protection","start_date":"2026-03-02","nhs_number":"{{plan.NhsNumber}}","restricted":"no"}""",
            3,
            "changes",
            contentType: "application/x-ndjson"
        );
        Assert.False(await IsRestrictedAsync());

        Assert.True((await registered.One(_ => true)).Restricted);
        Assert.Equal(
            [true, false, true, true, false],
            (await amended.AtLeast(5)).OrderBy(e => e.Version).Select(e => e.Restricted)
        );
        var refused = await PutAsync(plan with { Restricted = 1 });
        Assert.Equal(
            (HttpStatusCode.BadRequest, "restricted-unknown"),
            (refused.StatusCode, Text(await Registry.JsonAsync(refused), "code"))
        );
        Assert.Contains(
            "\"restricted\"",
            await refused.Content.ReadAsStringAsync(Registry.Cancelled),
            StringComparison.Ordinal
        );

        async Task<bool> IsRestrictedAsync() =>
            (await Registry.GetAsync(_council, "/plans/CP-1")).GetProperty("restricted").GetBoolean();
    }

    [Fact]
    public async Task If_Match_amends_only_the_version_that_was_seen_and_If_None_Match_only_creates()
    {
        await PutAsync(APlan.Number(1));

        Assert.Equal(
            HttpStatusCode.PreconditionFailed,
            (await PutAsync(APlan.Number(1) with { Sex = "male" }, ifMatch: "\"7\"")).StatusCode
        );
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync(APlan.Number(2), ifMatch: "*")).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync(APlan.Number(1), ifNoneMatch: "*")).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (await PutAsync(APlan.Number(1) with { Sex = "male" }, ifMatch: "\"1\"")).StatusCode
        );
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(APlan.Number(2), ifNoneMatch: "*")).StatusCode);
        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/plans/CP-1");
        delete.Headers.IfMatch.Add(EntityTagHeaderValue.Parse("\"1\""));
        Assert.Equal(
            HttpStatusCode.PreconditionFailed,
            (await _council.SendAsync(delete, Registry.Cancelled)).StatusCode
        );
    }

    [Fact]
    public async Task Twenty_puts_of_one_new_plan_at_once_make_one_plan_and_one_event()
    {
        var registered = await _registry.Service.Bus.ListenAsync<PlanRegistered>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PutAsync(APlan.Number(1))));
        await PutAsync(APlan.Number(2));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(["CP-1", "CP-2"], (await registered.AtLeast(2)).Select(e => e.Reference).Order());
    }

    [Fact]
    public async Task An_ended_plan_can_be_corrected_and_run_again_and_is_shown_for_twelve_months()
    {
        var ended = await _registry.Service.Bus.ListenAsync<PlanEnded>();
        var amended = await _registry.Service.Bus.ListenAsync<PlanAmended>();
        var plan = APlan.Number(1);
        await PutAsync(plan);

        var first = await EndAsync("CP-1", "2026-11-01");
        var again = await EndAsync("CP-1", "2026-11-01");
        var corrected = await EndAsync("CP-1", "2026-11-02");
        var before = await EndAsync("CP-1", "2026-02-01");
        var future = await EndAsync("CP-1", "2026-11-23");
        var running = await PutAsync(plan);
        var last = await EndAsync("CP-1", "2026-11-20");

        Assert.Equal(("ended", 2), (Text(await Registry.JsonAsync(first), "status"), Version(first)));
        Assert.Equal((2, 3, 4, 5), (Version(again), Version(corrected), Version(running), Version(last)));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "end-before-start"),
            (before.StatusCode, Text(await Registry.JsonAsync(before), "code"))
        );
        Assert.Equal(
            (HttpStatusCode.BadRequest, "end-date-in-future"),
            (future.StatusCode, Text(await Registry.JsonAsync(future), "code"))
        );
        Assert.Equal(
            [(2L, new DateOnly(2026, 11, 1)), (3L, new DateOnly(2026, 11, 2)), (5L, new DateOnly(2026, 11, 20))],
            (await ended.AtLeast(3)).Select(e => (e.Version, e.EndDate)).Order()
        );
        Assert.Null((await amended.One(e => e.Version == 4)).EndDate);

        _registry.Clock.SetUtcNow(new DateTimeOffset(2027, 11, 20, 9, 0, 0, TimeSpan.Zero));
        Assert.Equal(HttpStatusCode.OK, (await _council.GetAsync("/plans/CP-1", Registry.Cancelled)).StatusCode);
        Assert.Single((await SearchAsync(1)).EnumerateArray());
        _registry.Clock.SetUtcNow(new DateTimeOffset(2027, 11, 21, 9, 0, 0, TimeSpan.Zero));
        Assert.Equal(HttpStatusCode.NotFound, (await _council.GetAsync("/plans/CP-1", Registry.Cancelled)).StatusCode);
        Assert.Empty((await SearchAsync(1)).EnumerateArray());
        _registry.Clock.Advance(TimeSpan.FromHours(2));
        await Eventually.UntilAsync(
            () => _registry.Service.Db(db => db.Plans.CountAsync(Registry.Cancelled)),
            count => count == 0
        );
    }

    [Fact]
    public async Task Plans_deleted_within_a_week_are_counted_for_thirty_days()
    {
        await PutAsync(APlan.Number(1));
        await PutAsync(APlan.Number(2));
        _registry.Clock.Advance(TimeSpan.FromDays(6));
        await _council.DeleteAsync("/plans/CP-1", Registry.Cancelled);
        _registry.Clock.Advance(TimeSpan.FromDays(2));
        await _council.DeleteAsync("/plans/CP-2", Registry.Cancelled);
        var count = _registry.Service.Services.GetServices<IHostedService>().OfType<CountDeletedSoon>().Single();

        Assert.Equal([1], (await count.CountAsync(Registry.Cancelled)).Values);

        _registry.Clock.Advance(TimeSpan.FromDays(29));
        Assert.Empty(await count.CountAsync(Registry.Cancelled));
    }

    [Fact]
    public async Task A_deleted_plan_is_gone_and_its_reference_can_be_registered_again_as_another_plan()
    {
        var deleted = await _registry.Service.Bus.ListenAsync<PlanDeleted>();
        var first = Text(await Registry.JsonAsync(await PutAsync(APlan.Number(1))), "planId");

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await _council.DeleteAsync("/plans/CP-1", Registry.Cancelled)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await _council.DeleteAsync("/plans/CP-1", Registry.Cancelled)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _council.DeleteAsync("/plans/CP-9", Registry.Cancelled)).StatusCode
        );
        Assert.Equal(HttpStatusCode.NotFound, (await _council.GetAsync("/plans/CP-1", Registry.Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await EndAsync("CP-1", "2026-11-01")).StatusCode);
        Assert.Null(
            await _registry.Service.Db(db => db.Plans.Select(plan => plan.Subject).SingleAsync(Registry.Cancelled))
        );
        var anew = await PutAsync(APlan.Number(1));

        Assert.Equal((HttpStatusCode.Created, 1), (anew.StatusCode, Version(anew)));
        Assert.NotEqual(first, Text(await Registry.JsonAsync(anew), "planId"));
        Assert.Equal((first, 2L), ((await deleted.One(_ => true)).PlanId.ToString(), deleted.All[0].Version));
        await PutAsync(APlan.Number(2));
        Assert.Single(deleted.All);
    }

    [Fact]
    public async Task An_unborn_plan_is_keyed_on_the_mother_and_keeps_her_when_the_child_is_linked()
    {
        var amended = await _registry.Service.Bus.ListenAsync<PlanAmended>();
        var registered = await _registry.Service.Bus.ListenAsync<PlanRegistered>();
        var unborn = APlan.Number(1) with { Kind = "unborn", BirthDate = "1994-05-04", ExpectedDate = "2026-06-01" };

        await PutAsync(unborn);
        var linked = await PutAsync(APlan.Number(2) with { Reference = "CP-1", BirthDate = "2026-06-03" });
        var again = await PutAsync(APlan.Number(2) with { Reference = "CP-1", BirthDate = "2026-06-03" });

        var sealer = _registry.Service.Surroundings.Keys.Sealer;
        var first = await registered.One(_ => true);
        Assert.Equal((PlanKind.Unborn, new DateOnly(2026, 6, 1)), (first.Kind, first.ExpectedDate));
        Assert.Equal(Synthetic.NhsNumber(1), sealer.Open(first.Subject).Identifier.NhsNumber);
        var child = sealer.Open((await amended.One(_ => true)).Subject);
        Assert.Equal(
            (Synthetic.NhsNumber(2), Synthetic.NhsNumber(1)),
            (child.Identifier.NhsNumber, child.Mother!.Identifier.NhsNumber)
        );
        Assert.Equal((2, 2), (Version(linked), Version(again)));
        Assert.Equal(
            Synthetic.NhsNumber(1).Reveal(),
            (await Registry.JsonAsync(again))
                .GetProperty("mother")
                .GetProperty("identifier")
                .GetProperty("nhsNumber")
                .GetString()
        );

        var cleared = await _council.PutAsync(
            "/plans/CP-1",
            Registry.Json(
                new
                {
                    kind = "child-protection",
                    startDate = "2026-03-01",
                    subject = new { identifier = new { state = "known", nhsNumber = Synthetic.NhsNumber(2).Reveal() } },
                    mother = new { identifier = new { state = "unknown" } },
                }
            ),
            Registry.Cancelled
        );
        Assert.False((await Registry.JsonAsync(cleared)).TryGetProperty("mother", out _));
    }

    [Fact]
    public async Task What_cannot_be_kept_is_refused_by_field_and_never_quoted()
    {
        var family = await PutAsync(APlan.Number(1) with { Kind = "375041000000100" });
        var several = await PutAsync(
            APlan.Number(1) with
            {
                StartDate = "01/03/26",
                NhsNumber = "9434765918",
                Sex = "girl",
            }
        );
        var unknownField = await _council.PutAsync(
            "/plans/CP-1",
            Registry.Json("""{"kind":"unborn","enDate":"2026-01-01"}"""),
            Registry.Cancelled
        );
        var nhsAsReference = await _council.PutAsync(
            $"/plans/{Synthetic.NhsNumber(3).Reveal()}",
            Registry.Json(APlan.Number(3).Body),
            Registry.Cancelled
        );
        var tooLarge = await _council.PutAsync(
            "/plans/CP-1",
            Registry.Json("{\"kind\":\"" + new string('x', 70_000) + "\"}"),
            Registry.Cancelled
        );
        var longOver = await PutAsync(APlan.Number(1) with { StartDate = "2024-01-01", EndDate = "2025-11-21" });

        var problem = await Registry.JsonAsync(family);
        Assert.Equal((HttpStatusCode.BadRequest, "kind-family-member"), (family.StatusCode, Text(problem, "code")));
        Assert.Contains("family member subject of", Text(problem, "detail"), StringComparison.Ordinal);
        var text = await several.Content.ReadAsStringAsync(Registry.Cancelled);
        foreach (var field in new[] { "startDate", "subject.identifier.nhsNumber", "subject.sex" })
            Assert.Contains($"\"{field}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("9434765918", text, StringComparison.Ordinal);
        Assert.DoesNotContain("girl", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, unknownField.StatusCode);
        Assert.Equal("reference-is-nhs-number", Text(await Registry.JsonAsync(nhsAsReference), "code"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        Assert.Equal("ended-too-long-ago", Text(await Registry.JsonAsync(longOver), "code"));
        Assert.Equal(0, await _registry.Service.Db(db => db.Plans.CountAsync(Registry.Cancelled)));
    }

    [Theory]
    [InlineData("Smith-Jayden", "reference-reads-as-name")]
    [InlineData("dorfield-17", "reference-reads-as-name")]
    [InlineData("CP-20180504", "reference-has-birth-date")]
    [InlineData("CP-17", null)]
    public async Task A_reference_that_tells_of_the_child_is_taken_with_a_warning(string reference, string? code)
    {
        var answer = await PutAsync(APlan.Number(1) with { Reference = reference, BirthDate = "2018-05-04" });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await Registry.JsonAsync(answer);
        Assert.Equal(code, body.TryGetProperty("warnings", out var warnings) ? Text(warnings[0], "code") : null);
    }

    [Fact]
    public async Task A_reference_that_holds_the_NHS_number_of_the_child_is_refused()
    {
        var number = Synthetic.NhsNumber(1).Reveal();

        var answer = await PutAsync(APlan.Number(1) with { Reference = $"CP-{number}" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await Registry.JsonAsync(answer);
        Assert.Equal("reference-is-nhs-number", Text(problem, "code"));
        Assert.DoesNotContain(number, Text(problem, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_council_finds_its_plans_by_NHS_number_before_and_after_the_keys_are_rotated()
    {
        await _registry.DisposeAsync();
        _registry = await Registry.StartAsync(servers, ownKeys: true);
        _council = _registry.Council();
        await PutAsync(APlan.Number(1) with { Reference = "CP/2026/1" });
        _registry.Service.Surroundings.Keys.Rotate();
        await PutAsync(APlan.Number(1) with { Reference = "LA-1", Kind = "looked-after" });

        Assert.Equal(
            ["CP/2026/1", "LA-1"],
            (await SearchAsync(1)).EnumerateArray().Select(plan => Text(plan, "reference")).Order()
        );
        Assert.Empty((await SearchAsync(2)).EnumerateArray());
        Assert.Equal(
            HttpStatusCode.OK,
            (await _council.GetAsync("/plans/CP%2F2026%2F1", Registry.Cancelled)).StatusCode
        );
        var invalid = await _council.PostAsync(
            "/plans/search",
            Registry.Json("""{"nhsNumber":"9434765918"}"""),
            Registry.Cancelled
        );
        Assert.Equal("nhs-number-invalid", Text(await Registry.JsonAsync(invalid), "code"));
    }

    [Fact]
    public async Task Every_read_and_change_leaves_an_audit_row_and_no_table_holds_a_name_or_number()
    {
        await PutAsync(APlan.Number(1) with { FamilyName = "Canaryfield" });
        await PutAsync(APlan.Number(1) with { FamilyName = "Canaryfields" });
        await _council.GetAsync("/plans/CP-1", Registry.Cancelled);
        await SearchAsync(1);
        await EndAsync("CP-1", "2026-11-01");
        await _council.DeleteAsync("/plans/CP-1", Registry.Cancelled);

        var acts = await _registry.Service.Db(db => db.Set<AuditRecord>().ToListAsync(Registry.Cancelled));
        // The clock stands still: records of one moment have no order.
        Assert.Equal(
            ["plan.amended", "plan.deleted", "plan.ended", "plan.read", "plan.read", "plan.registered"],
            acts.Select(row => row.Act).Order(StringComparer.Ordinal)
        );
        Assert.All(acts, row => Assert.Equal(Registry.Hackney, row.Organisation));
        await AtRest.HoldsNothingOfAsync(_registry, "Canaryfield", Synthetic.NhsNumber(1).Reveal());
    }

    private static string? Text(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Version(HttpResponseMessage answer) =>
        int.Parse(answer.Headers.ETag!.Tag.Trim('"'), System.Globalization.CultureInfo.InvariantCulture);

    private async Task<HttpResponseMessage> PutAsync(APlan plan, string? ifMatch = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/plans/{Uri.EscapeDataString(plan.Reference)}")
        {
            Content = Registry.Json(plan.Body),
        };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await _council.SendAsync(request, Registry.Cancelled);
    }

    private Task<HttpResponseMessage> EndAsync(string reference, string date) =>
        _council.PostAsync($"/plans/{reference}/end", Registry.Json(new { endDate = date }), Registry.Cancelled);

    private async Task<System.Text.Json.JsonElement> SearchAsync(int person)
    {
        var answer = await _council.PostAsync(
            "/plans/search",
            Registry.Json(new { nhsNumber = Synthetic.NhsNumber(person).Reveal() }),
            Registry.Cancelled
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await Registry.JsonAsync(answer)).GetProperty("plans");
    }
}
