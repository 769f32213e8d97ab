using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Audit;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A person looks a child up: what is shown, to whom it is told, and what is left behind.</summary>
public sealed class Look_ups(RegistryForLookUps running) : IClassFixture<RegistryForLookUps>
{
    private const string Hospital = "RXX";
    private const string Emergency = "clinician-unscheduled";
    private const string Clinic = "clinician-scheduled";
    private const string Police = "43";

    private Registry Registry => running.Registry;

    [Theory]
    [InlineData(Hospital, Emergency, false, "child-protection running 2026-03-01 E09000012", 1)]
    [InlineData(Hospital, "safeguarding-lead", false, "child-protection running 2026-03-01 E09000012", 1)]
    [InlineData(Hospital, Clinic, false, "child-protection running 2026-03-01 E09000012", 0)]
    [InlineData(Hospital, Emergency, true, "restricted E09000012", 0)]
    [InlineData(Registry.Hackney, "duty-worker", false, "child-protection running 2026-03-01 E09000012", 0)]
    [InlineData(Registry.Hackney, "duty-worker", true, "restricted child-protection running 2026-03-01 E09000012", 0)]
    [InlineData(Registry.Kent, "duty-worker", false, "E09000012", 0)]
    [InlineData(Registry.Kent, "duty-worker", true, "restricted E09000012", 0)]
    [InlineData(Police, "control-room", false, "E09000012", 0)]
    [InlineData(Police, "control-room", true, "", 0)]
    public async Task Whoever_looks_sees_no_more_than_is_for_them(
        string organisation,
        string role,
        bool restricted,
        string shown,
        int accesses
    )
    {
        var plan = await running.AChildAsync(restricted: restricted);
        using var person = running.Person(organisation, role);

        var answer = await LookUpAsync(person, plan);

        Assert.Equal(shown, Shown(answer));
        Assert.Equal(accesses, answer.GetProperty("accesses").GetArrayLength());
        Assert.All(answer.GetProperty("plans").EnumerateArray(), found =>
            Assert.Equal("020 7946 0002", Text(found.GetProperty("ring"), "phone"))
        );
    }

    private static string Shown(JsonElement answer) =>
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
                            Text(found, "status"),
                            Text(found, "startDate"),
                            Text(found.GetProperty("council"), "code"),
                        }.Where(part => part is not null)
                    )
                )
        );

    [Theory]
    [InlineData(Hospital, Emergency, "restricted E10000016")]
    [InlineData(Registry.Hackney, "duty-worker", "restricted E10000016")]
    [InlineData(Police, "control-room", "")]
    public async Task A_restricted_plan_without_the_number_hides_what_one_with_it_does(
        string organisation,
        string role,
        string shown
    )
    {
        var plan = running.AnUnknownChild();
        await running.PutAsync(Registry.Kent, plan);
        await running.PutAsync(Registry.Hackney, plan with { NhsNumber = null, Restricted = true });
        using var person = running.Person(organisation, role);

        var answer = await LookUpAsync(person, plan);

        Assert.Equal(shown, Shown(answer));
        Assert.Equal(0, answer.GetProperty("accesses").GetArrayLength());
        using var kent = running.Person(Registry.Kent, "safeguarding-lead");
        var told = (await Registry.GetAsync(kent, $"/lookups?plan={plan.Reference}")).GetProperty("lookups")[0];
        Assert.False(told.TryGetProperty("organisation", out _));
        using var place = await kent.GetAsync(
            $"/lookups/{told.GetProperty("lookupId").GetGuid()}/place",
            Registry.Cancelled
        );
        Assert.Equal("place-withheld", (await Registry.JsonAsync(place)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(Hospital, Emergency, "{}", 400, "purpose-missing")]
    [InlineData(Hospital, Emergency, """{"purpose":"curiosity"}""", 400, "purpose-unknown")]
    [InlineData(Police, "control-room", """{"purpose":"direct-care"}""", 400, "purpose-unknown")]
    [InlineData(Hospital, Emergency, """{"purpose":"direct-care"}""", 400, "nhs-number-invalid")]
    [InlineData(
        Hospital,
        Emergency,
        """{"purpose":"direct-care","nhsNumber":"9000000008"}""",
        400,
        "nhs-number-invalid"
    )]
    [InlineData(Hospital, Emergency, """{"purpose":"direct-care","familyName":"Dorfield"}""", 400, "field-unknown")]
    [InlineData(
        Hospital,
        Emergency,
        """{"purpose":"direct-care","nhsNumber":"9000000009","traits":{"familyName":"Dorfield"}}""",
        400,
        "number-and-traits"
    )]
    [InlineData(Hospital, Emergency, """{"purpose":"direct-care","scheduled":true}""", 403, "lookup-kind-not-allowed")]
    [InlineData(Hospital, Clinic, """{"purpose":"direct-care","scheduled":false}""", 403, "lookup-kind-not-allowed")]
    [InlineData(Registry.Hackney, "reviewer", "{}", 403, "insufficient-scope")]
    [InlineData(Hospital, "aal1", "{}", 403, "sign-in-too-weak")]
    [InlineData(Hospital, "system", "{}", 403, "only-people")]
    public async Task Nothing_is_looked_up_without_role_purpose_number_and_a_sure_sign_in(
        string organisation,
        string role,
        string body,
        int status,
        string code
    )
    {
        using var caller = role switch
        {
            "system" => Registry.Service.Client(organisation, "lookup.person"),
            "aal1" => running.Person(organisation, Emergency, acr: "aal1"),
            _ => running.Person(organisation, role),
        };

        var answer = await caller.PostAsync("/lookups", Registry.Json(body), Registry.Cancelled);

        Assert.Equal(
            (status, code),
            ((int)answer.StatusCode, (await Registry.JsonAsync(answer)).GetProperty("code").GetString())
        );
    }

    [Theory]
    [InlineData("unscheduled", false, false, "lookup.read success child-protection E09000012", 1)]
    [InlineData("scheduled", false, false, "lookup.scheduled.read success child-protection", 0)]
    [InlineData("unscheduled", true, false, "lookup.read success child-protection", 1)]
    [InlineData("unscheduled", false, true, "lookup.read empty child-protection", 0)]
    [InlineData("scheduled", false, true, "lookup.scheduled.read empty child-protection", 0)]
    public async Task Each_is_audited_and_only_an_unscheduled_one_that_finds_a_plan_notifies_the_council(
        string kind,
        bool restricted,
        bool unknown,
        string audited,
        int told
    )
    {
        var plan = unknown ? running.AnUnknownChild() : await running.AChildAsync(restricted: restricted);
        using var person = running.Person(Hospital, "safeguarding-lead");

        var request = Guid.CreateVersion7().ToString();
        var answer = await LookUpAsync(person, plan, scheduled: kind == "scheduled", request);

        Assert.Equal(kind, Text(answer, "recorded"));
        Assert.Equal(unknown ? 0 : 1, answer.GetProperty("plans").GetArrayLength());
        var record = Assert.Single(
            await Registry.Service.Db(db =>
                db.Set<AuditRecord>().Where(one => one.RequestId == request).ToListAsync(Registry.Cancelled)
            )
        );
        Assert.Equal(
            audited,
            $"{record.Act} {record.Outcome} {record.Purpose} {string.Join(' ', record.Concerning ?? [])}".Trim()
        );
        Assert.Equal(unknown, record.Subject == Guid.Empty);
        var rows = await Registry.Service.Db(async db =>
        {
            var planId = record.Subject;
            return await db.Lookups.Where(one => one.PlanIds.Contains(planId)).ToListAsync(Registry.Cancelled);
        });
        Assert.Equal(told, rows.Count);
        if (told == 0)
            return;
        var @event = await running.Notified.One(one => one.PlanIds.Contains(record.Subject));
        Assert.Equal((rows[0].Id, Registry.Hackney), (@event.LookupId, @event.CouncilCode));
        Assert.Equal(
            restricted ? (null, null, rows[0].At.DayOnly()) : (Hospital, "safeguarding-lead", rows[0].At),
            (@event.Organisation, @event.Role, @event.At)
        );
    }

    [Fact]
    public async Task A_council_is_notified_of_its_running_plans_and_not_of_its_own_look_ups()
    {
        var child = await running.AChildAsync(endDate: "2026-06-01");
        await running.PutAsync(
            Registry.Kent,
            child with
            {
                Reference = $"K-{child.Reference}",
                Kind = "looked-after",
                EndDate = null,
            }
        );
        using var nurse = running.Person(Hospital, Emergency);
        using var kent = running.Person(Registry.Kent, "duty-worker");

        var answer = await LookUpAsync(nurse, child);
        await LookUpAsync(kent, child);

        Assert.Equal(
            ["looked-after running", "child-protection ended"],
            answer
                .GetProperty("plans")
                .EnumerateArray()
                .OrderByDescending(plan => Text(plan, "status"))
                .Select(plan => $"{Text(plan, "kind")} {Text(plan, "status")}")
        );
        var rows = await Registry.Service.Db(db => db.Lookups.ToListAsync(Registry.Cancelled));
        var ids = await Registry.Service.Db(db =>
            db.Plans.Where(plan => plan.Reference.EndsWith(child.Reference)).Select(plan => plan.Id).ToListAsync()
        );
        Assert.Equal(
            [Registry.Kent, ""],
            rows.Where(row => row.PlanIds.Any(ids.Contains))
                .OrderBy(row => row.At)
                .ThenByDescending(row => row.Councils.Length)
                .Select(row => string.Join(' ', row.Councils))
        );
    }

    [Fact]
    public async Task A_viewer_counts_once_in_a_day_and_a_silent_look_never()
    {
        // A replica of its own, because the clock of the other is everybody's.
        await using var own = await Registry.StartAsync(running.Servers, running.Registry.Service.Surroundings);
        var child = await running.AChildAsync();
        using var nurse = At(Emergency, "nurse");
        using var doctor = At(Emergency, "doctor");
        using var midwife = At(Clinic, "midwife");

        await LookUpAsync(nurse, child);
        await Task.WhenAll(LookUpAsync(doctor, child), LookUpAsync(doctor, child), LookUpAsync(doctor, child));
        own.Clock.Advance(TimeSpan.FromHours(23));
        var within = await LookUpAsync(nurse, child);
        own.Clock.Advance(TimeSpan.FromHours(2));
        await LookUpAsync(nurse, child);
        var silent = await LookUpAsync(midwife, child);

        Assert.Equal(2, within.GetProperty("accesses").GetArrayLength());
        Assert.Equal(
            [$"{Hospital} {Emergency}", $"{Hospital} {Emergency}", $"{Hospital} {Emergency}"],
            silent
                .GetProperty("accesses")
                .EnumerateArray()
                .Select(access => $"{Text(access, "organisation")} {Text(access, "role")}")
        );
        // Three at once are one look, and the councils are notified of it once; a day later is another.
        Assert.Equal(
            [false, true, true, true],
            await Registry.Service.Db(db =>
                db.Lookups.Where(one =>
                        one.PlanIds.Any(id => db.Plans.Any(plan => plan.Id == id && plan.Reference == child.Reference))
                    )
                    .Select(one => one.Counts)
                    .OrderBy(counts => counts)
                    .ToListAsync(Registry.Cancelled)
            )
        );
        for (var viewer = 0; viewer < 24; viewer++)
        {
            using var other = running.Person(Hospital, Emergency, $"viewer-{viewer}");
            await LookUpAsync(other, child);
        }

        Assert.Equal(25, (await LookUpAsync(midwife, child)).GetProperty("accesses").GetArrayLength());

        HttpClient At(string role, string person)
        {
            var client = own.Service.Anonymous();
            client.DefaultRequestHeaders.Authorization = running.Bearer(Hospital, role, person);
            return client;
        }
    }

    [Fact]
    public async Task The_number_to_ring_is_the_offices_or_the_duty_teams_by_the_councils_own_clock()
    {
        await using var own = await Registry.StartAsync(running.Servers, running.Registry.Service.Surroundings);
        var child = await running.AChildAsync();
        using var nurse = own.Service.Anonymous();
        nurse.DefaultRequestHeaders.Authorization = running.Bearer(Hospital, Emergency);
        var lines = new List<string?>();
        // Sunday morning, Monday in office hours, Monday evening.
        foreach (var hours in new[] { 0, 24, 9 })
        {
            own.Clock.Advance(TimeSpan.FromHours(hours));
            var found = (await LookUpAsync(nurse, child)).GetProperty("plans")[0];
            lines.Add($"{Text(found.GetProperty("ring"), "line")} {Text(found.GetProperty("ring"), "phone")}");
        }

        Assert.Equal(
            ["emergency-duty-team 020 7946 0002", "office 020 7946 0001", "emergency-duty-team 020 7946 0002"],
            lines
        );
    }

    [Fact]
    public async Task Who_looked_at_a_restricted_child_is_read_by_a_call_of_its_own()
    {
        var (open, restricted) = (await running.AChildAsync(), await running.AChildAsync(restricted: true));
        await running.PutAsync(
            Registry.Kent,
            restricted with
            {
                Reference = $"K-{restricted.Reference}",
                Restricted = true,
            }
        );
        using var nurse = running.Person(Hospital, Emergency);
        await LookUpAsync(nurse, open);
        await LookUpAsync(nurse, restricted);
        using var hackney = running.Person(Registry.Hackney, "safeguarding-lead");
        using var kent = running.Person(Registry.Kent, "safeguarding-lead");
        using var duty = running.Person(Registry.Hackney, "duty-worker");

        var (seen, hidden) = (await SeenAsync(hackney, open), await SeenAsync(hackney, restricted));
        var (id, place) = (Text(hidden, "lookupId"), $"/lookups/{Text(hidden, "lookupId")}/place");

        var ofPlan = (await Registry.GetAsync(hackney, $"/lookups?plan={open.Reference}")).GetProperty("lookups");
        Assert.Equal(Text(seen, "lookupId"), Text(Assert.Single(ofPlan.EnumerateArray()), "lookupId"));
        var ofAnothers = await Registry.GetAsync(kent, $"/lookups?plan={open.Reference}");
        Assert.Empty(ofAnothers.GetProperty("lookups").EnumerateArray());
        Assert.Equal((Hospital, Emergency), (Text(seen, "organisation"), Text(seen, "role")));
        Assert.Equal((null, null), (Text(hidden, "organisation"), Text(hidden, "role")));
        Assert.Equal(TimeSpan.Zero, hidden.GetProperty("at").GetDateTimeOffset().TimeOfDay);
        Assert.Equal(hidden.ToString(), (await Registry.GetAsync(hackney, $"/lookups/{id}")).ToString());
        var whole = await Registry.GetAsync(hackney, place);
        Assert.Equal((Hospital, Emergency), (Text(whole, "organisation"), Text(whole, "role")));
        Assert.Equal(HttpStatusCode.Forbidden, (await duty.GetAsync(place, Registry.Cancelled)).StatusCode);
        var withheld = await kent.GetAsync(place, Registry.Cancelled);
        Assert.Equal("place-withheld", Text(await Registry.JsonAsync(withheld), "code"));
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await kent.GetAsync($"/lookups/{Text(seen, "lookupId")}", Registry.Cancelled)).StatusCode
        );
        Assert.Equal(
            1,
            await Registry.Service.Db(db =>
                db.Set<AuditRecord>()
                    .CountAsync(one =>
                        one.Act == "lookup.place.read" && one.Subject == Guid.Parse(id!) && one.Code == null
                    )
            )
        );
    }

    [Fact]
    public async Task A_restricted_childs_councils_find_in_their_audit_the_day_of_a_look_up_alone()
    {
        var plan = await running.AChildAsync(restricted: true);
        await running.PutAsync(Registry.Kent, plan with { Reference = $"K-{plan.Reference}" });
        using var nurse = running.Person(Hospital, Emergency);
        await LookUpAsync(nurse, plan);
        await LookUpAsync(nurse, plan, scheduled: false);

        foreach (
            var (council, other, reference) in new[]
            {
                (Registry.Hackney, Registry.Kent, plan.Reference),
                (Registry.Kent, Registry.Hackney, $"K-{plan.Reference}"),
            }
        )
        {
            var id = await Registry.Service.Db(db =>
                db.Plans.Where(one => one.CouncilCode == council && one.Reference == reference)
                    .Select(one => one.Id)
                    .SingleAsync(Registry.Cancelled)
            );
            using var lead = running.Person(council, "safeguarding-lead");
            using var form = new FormUrlEncodedContent([new("entity", $"{id}")]);
            using var answer = await lead.PostAsync("/fhir/AuditEvent/_search", form, Registry.Cancelled);
            var text = await answer.Content.ReadAsStringAsync(Registry.Cancelled);
            var looks = JsonDocument
                .Parse(text)
                .RootElement.GetProperty("entry")
                .EnumerateArray()
                .Select(entry => entry.GetProperty("resource"))
                .Where(one => one.ToString().Contains("lookup", StringComparison.Ordinal))
                .ToList();
            Assert.Equal(2, looks.Count);
            Assert.All(looks, look =>
            {
                Assert.Contains("lookup.restricted.read", look.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(Hospital, look.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(other, look.ToString(), StringComparison.Ordinal);
                Assert.Equal(TimeSpan.Zero, look.GetProperty("recorded").GetDateTimeOffset().TimeOfDay);
                var made = look.GetProperty("id").GetGuid().ToByteArray(bigEndian: true);
                Assert.Equal(
                    TimeSpan.Zero,
                    DateTimeOffset
                        .FromUnixTimeMilliseconds((long)BinaryPrimitives.ReadUInt64BigEndian(made) >> 16)
                        .TimeOfDay
                );
            });
        }
    }

    private static async Task<JsonElement> SeenAsync(HttpClient council, APlan plan) =>
        (await Registry.GetAsync(council, "/lookups"))
            .GetProperty("lookups")
            .EnumerateArray()
            .First(one => one.GetProperty("plans").EnumerateArray().Any(own => own.GetString() == plan.Reference));

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static async Task<JsonElement> LookUpAsync(
        HttpClient person,
        APlan plan,
        bool? scheduled = null,
        string? request = null
    )
    {
        var body = new
        {
            nhsNumber = plan.NhsNumber,
            purpose = "child-protection",
            scheduled,
        };
        return JsonDocument.Parse(await RegistryForLookUps.LookUpAsync(person, body, request)).RootElement;
    }
}
