using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Audit;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Reviews;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Reviews_and_decisions(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_right_number_with_another_childs_traits_is_asked_of_the_council_and_alerts_nobody()
    {
        await using var matching = await StartAsync(servers);
        var (plan, encounter) = await SomebodyElsesNumberAsync(matching);

        Assert.Null(matching.Notified(encounter));
        var review = Assert.Single(await ReviewsAsync(matching, Hackney));
        Assert.Equal(encounter.EncounterId, review.GetProperty("encounterId").GetGuid());
        Assert.Equal(
            plan.Reference,
            Assert.Single(review.GetProperty("plans").EnumerateArray()).GetProperty("reference").GetString()
        );
        var traits = review
            .GetProperty("evidence")[0]
            .GetProperty("outcome")
            .GetProperty("evidence")
            .GetProperty("traits")
            .EnumerateArray()
            .ToList();
        Assert.Contains(traits, trait =>
            trait.GetProperty("trait").GetString() == "identifier"
            && trait.GetProperty("relation").GetString() == "agrees"
        );
        Assert.Contains(traits, trait =>
            trait.GetProperty("trait").GetString() == "birthDate"
            && trait.GetProperty("relation").GetString() == "differs"
        );
        Assert.Contains(
            "perhaps somebody else's number was typed",
            review.GetProperty("inWords")[0].ToString(),
            StringComparison.Ordinal
        );
        var attendance = review.GetProperty("attendance");
        Assert.Equal(
            ("ED-4711", "020 7946 0000"),
            (attendance.GetProperty("reference").GetString(), attendance.GetProperty("phone").GetString())
        );
        var born = matching.Sealer.Open(encounter.Patient).BirthDate!.Value;
        var day = UkTime.Day(encounter.StartedAt!.Value);
        var age = attendance.GetProperty("age").GetInt32();
        Assert.True(born.AddYears(age) <= day && born.AddYears(age + 1) > day);
        Assert.InRange(review.GetProperty("plans")[0].GetProperty("age").GetInt32(), 0, 17);
        Assert.Empty(await ReviewsAsync(matching, Leeds));
        Assert.Equal(
            1,
            await matching.Service.Db(db =>
                db.Set<AuditRecord>()
                    .CountAsync(audit => audit.Act == "review.read" && audit.Outcome == "success", Cancelled)
            )
        );
    }

    [Fact]
    public async Task What_a_person_decided_is_alerted_and_no_later_decision_of_the_rules_overturns_it()
    {
        await using var matching = await StartAsync(servers);
        var (plan, encounter) = await SomebodyElsesNumberAsync(matching);
        var review = Assert.Single(await ReviewsAsync(matching, Hackney));

        Assert.Equal(HttpStatusCode.NotFound, await ResolveAsync(matching, Leeds, review, "sameChild"));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await ResolveAsync(matching, Hackney, review, "sameChild", reason: " ")
        );
        Assert.Equal(HttpStatusCode.Conflict, await ResolveAsync(matching, Hackney, review, "sameChild", version: 7));
        Assert.Equal(HttpStatusCode.NoContent, await ResolveAsync(matching, Hackney, review, "sameChild"));
        Assert.Equal(HttpStatusCode.Conflict, await ResolveAsync(matching, Hackney, review, "notThisChild"));
        await matching.SettleAsync();
        var match = matching.Notified(encounter)!.Match!;
        Assert.Equal((1L, 1d, plan.PlanId), (match.Version, match.Certainty, Assert.Single(match.Plans).PlanId));
        Assert.Equal(MatchDecider.Reviewer, match.DecidedBy);
        // In the words of the question, with who decided before them.
        Assert.Equal(
            review
                .GetProperty("inWords")[0]
                .EnumerateArray()
                .Select(line => line.GetString())
                .Prepend(InWords.ByReviewer),
            match.Why
        );

        // The rules now find nobody at all.
        await matching.PublishAsync(
            encounter with
            {
                Version = 2,
                Status = EncounterStatus.Finished,
                Patient = matching.Sealer.Seal(Synthetic.AChild()),
            }
        );
        await matching.SettleAsync();
        Assert.Equal(EncounterStatus.Finished, matching.Notified(encounter)!.Match!.Status);

        // A deletion is no decision about who it is.
        await matching.PublishAsync(new PlanDeleted(plan.PlanId, 2, Hackney));
        await matching.SettleAsync();
        Assert.Equal(new LastNotified(3, null, WithdrawalReason.PlanDeleted), matching.Notified(encounter));
        Assert.Contains(await matching.LedgerAsync(encounter), entry =>
            entry.DecidedBy == $"{Hackney}-system" && entry.Reason == "Known to us."
        );
        Assert.Equal(
            1,
            await matching.Service.Db(db =>
                db.Set<AuditRecord>()
                    .CountAsync(audit => audit.Act == "review.resolve" && audit.Outcome == "success", Cancelled)
            )
        );
    }

    [Fact]
    public async Task What_a_person_decided_is_another_child_is_never_asked_again()
    {
        await using var matching = await StartAsync(servers);
        var (plan, encounter) = await SomebodyElsesNumberAsync(matching);
        Assert.Equal(
            HttpStatusCode.NoContent,
            await ResolveAsync(matching, Hackney, Assert.Single(await ReviewsAsync(matching, Hackney)), "notThisChild")
        );

        await matching.PublishAsync(encounter with { Version = 2, Status = EncounterStatus.Finished });
        await matching.PublishAsync(Amended(plan with { Reference = "other" }, 2));
        await matching.SettleAsync();

        Assert.Empty(await ReviewsAsync(matching, Hackney));
        Assert.Null(matching.Notified(encounter));
    }

    [Fact]
    public async Task Cannot_tell_is_answered_with_what_happens_next()
    {
        await using var matching = await StartAsync(servers);
        var (_, encounter) = await SomebodyElsesNumberAsync(matching);
        var review = Assert.Single(await ReviewsAsync(matching, Hackney));

        var answer = await matching
            .Service.Client(Hackney, "review.decide")
            .PostAsJsonAsync(
                $"/reviews/{review.GetProperty("reviewId").GetGuid()}/resolve",
                new
                {
                    version = 1,
                    verdict = "cannotTell",
                    reason = "No answer.",
                },
                Cancelled
            );

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var next = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("next").GetString();
        Assert.StartsWith(
            "No alert is sent and this attendance is not asked about again.",
            next,
            StringComparison.Ordinal
        );
        await matching.SettleAsync();
        Assert.Empty(await ReviewsAsync(matching, Hackney));
        Assert.Null(matching.Notified(encounter));

        // As the answer says: the next attendance is asked about again.
        await matching.PublishAsync(encounter with { EncounterId = Guid.CreateVersion7() });
        await matching.SettleAsync();
        Assert.Single(await ReviewsAsync(matching, Hackney));
    }

    [Fact]
    public async Task A_question_goes_away_with_the_encounter_or_the_plan()
    {
        await using var matching = await StartAsync(servers);
        var (_, cancelled) = await SomebodyElsesNumberAsync(matching);
        var (deleted, _) = await SomebodyElsesNumberAsync(matching);
        Assert.Equal(2, (await ReviewsAsync(matching, Hackney)).Count);

        await matching.PublishAsync(cancelled with { Version = 2, Status = EncounterStatus.Cancelled });
        await matching.PublishAsync(new PlanDeleted(deleted.PlanId, 2, Hackney));
        await matching.SettleAsync();

        Assert.Empty(await ReviewsAsync(matching, Hackney));
    }

    [Fact]
    public async Task Twins_of_two_councils_are_asked_of_each_without_a_word_of_the_other()
    {
        await using var matching = await StartAsync(servers);
        var twin = Synthetic.AChild() with { Identifier = new PersonIdentifier.Unknown() };
        var patient = twin with { Names = [twin.Names[0] with { Given = ["Baby"] }] };
        var (first, second) = (
            matching.APlan(twin with { Identifier = new PersonIdentifier.Known(Synthetic.NextNhsNumber()) }),
            matching.APlan(
                twin with
                {
                    Identifier = new PersonIdentifier.Known(Synthetic.NextNhsNumber()),
                    Names = [twin.Names[0] with { Given = ["Zebedee"] }],
                },
                Leeds
            )
        );
        await matching.PublishAsync(first, second);
        await matching.SettleAsync();
        await matching.PublishAsync(matching.AnEncounter(patient));
        await matching.SettleAsync();

        Assert.Empty(matching.Notified());
        var hackney = Assert.Single(await ReviewsAsync(matching, Hackney)).GetRawText();
        var leeds = Assert.Single(await ReviewsAsync(matching, Leeds)).GetRawText();
        Assert.DoesNotContain(second.PlanId.ToString(), hackney, StringComparison.Ordinal);
        Assert.DoesNotContain(first.PlanId.ToString(), leeds, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_council_sees_its_own_part_of_a_decision_and_a_trust_sees_none_of_it()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var (own, others) = (matching.APlan(child), matching.APlan(child, Leeds));
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(own, others);
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        var seen = await matching
            .Service.Client(Hackney, "match.read")
            .GetStringAsync($"/matches/{encounter.EncounterId}", Cancelled);
        using var view = JsonDocument.Parse(seen);
        var decision = Assert.Single(view.RootElement.GetProperty("decisions").EnumerateArray());
        Assert.Equal("matched", decision.GetProperty("outcome").GetString());
        Assert.NotEmpty(decision.GetProperty("ruleVersion").GetString()!);
        Assert.NotEmpty(
            decision
                .GetProperty("evidence")[0]
                .GetProperty("outcome")
                .GetProperty("evidence")
                .GetProperty("traits")
                .EnumerateArray()
        );
        Assert.Contains(
            "likely to be the same child",
            decision.GetProperty("inWords")[0][0].GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            own.Reference,
            view.RootElement.GetProperty("councils")[0].GetProperty("plans")[0].GetProperty("reference").GetString()
        );
        foreach (
            var hidden in (string[])
                [
                    others.PlanId.ToString(),
                    others.Reference,
                    Leeds,
                    child.Names[0].Family!,
                    ((PersonIdentifier.Known)child.Identifier).Number.Reveal(),
                ]
        )
        {
            Assert.DoesNotContain(hidden, seen, StringComparison.OrdinalIgnoreCase);
        }

        var stranger = matching.Service.Client("E09000099", "match.read");
        var sent = await stranger.GetAsync($"/matches/{encounter.EncounterId}", Cancelled);
        var none = await stranger.GetAsync($"/matches/{Guid.CreateVersion7()}", Cancelled);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (sent.StatusCode, none.StatusCode));
        Assert.Equal(await WithoutTraceAsync(none), await WithoutTraceAsync(sent));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (
                await matching
                    .Service.Client(Hackney, "plan.read")
                    .GetAsync($"/matches/{encounter.EncounterId}", Cancelled)
            ).StatusCode
        );
        var operations = await matching
            .Service.Client("HUB", "match.read", "ops")
            .GetStringAsync($"/matches/{encounter.EncounterId}", Cancelled);
        Assert.Contains(Leeds, operations, StringComparison.Ordinal);
        Assert.Equal(
            2,
            await matching.Service.Db(db =>
                db.Set<AuditRecord>()
                    .CountAsync(
                        audit => audit.Subject == encounter.EncounterId && audit.Outcome == "success",
                        Cancelled
                    )
            )
        );
    }

    [Fact]
    public async Task Nothing_in_the_database_reads_as_a_person()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        await matching.PublishAsync(matching.APlan(child));
        await matching.PublishAsync(matching.AnEncounter(child));
        await matching.SettleAsync();
        await SomebodyElsesNumberAsync(matching);

        string[] traits =
        [
            child.Names[0].Family!,
            child.Names[0].Given[0],
            ((PersonIdentifier.Known)child.Identifier).Number.Reveal(),
            $"{child.BirthDate:yyyy-MM-dd}",
            "Homerton",
        ];
        foreach (
            var table in (string[])
                [
                    "plan",
                    "plan_key",
                    "encounter",
                    "encounter_fact",
                    "kept_encounter",
                    "decision",
                    "council_match",
                    "review",
                    "verdict",
                    "number_change",
                    "outbox",
                    "inbox",
                ]
        )
        {
            foreach (var trait in traits)
            {
                Assert.Equal(
                    (table, 0L),
                    (table, await matching.CountAsync($"matching.{table} AS line WHERE line::text ILIKE '%{trait}%'"))
                );
            }
        }
    }

    /// <summary>A child on a plan, and an encounter of somebody else under that child's number.</summary>
    private static async Task<(PlanRegistered Plan, EncounterReceived Encounter)> SomebodyElsesNumberAsync(
        MatchingUnderTest matching
    )
    {
        var child = Synthetic.AChild();
        var plan = matching.APlan(child);
        var encounter = matching.AnEncounter(
            child with
            {
                Names = [new PersonName(NameUse.Usual, "Xanthopoulos", ["Quirina"])],
                BirthDate = child.BirthDate!.Value.AddDays(-1234),
                Sex = child.Sex == Sex.Male ? Sex.Female : Sex.Male,
                Postcodes = [],
            }
        );
        await matching.PublishAsync(plan);
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();
        return (plan, encounter);
    }

    private static async Task<List<JsonElement>> ReviewsAsync(MatchingUnderTest matching, string council) =>
        (
            await matching
                .Service.Client(council, "review.decide")
                .GetFromJsonAsync<List<JsonElement>>("/reviews", Cancelled)
        )!;

    private static async Task<HttpStatusCode> ResolveAsync(
        MatchingUnderTest matching,
        string council,
        JsonElement review,
        string verdict,
        long? version = null,
        string reason = "Known to us."
    ) =>
        (
            await matching
                .Service.Client(council, "review.decide")
                .PostAsJsonAsync(
                    $"/reviews/{review.GetProperty("reviewId").GetGuid()}/resolve",
                    new
                    {
                        version = version ?? review.GetProperty("version").GetInt64(),
                        verdict,
                        reason,
                    },
                    Cancelled
                )
        ).StatusCode;

    private static async Task<string> WithoutTraceAsync(HttpResponseMessage response)
    {
        var problem = (await response.Content.ReadFromJsonAsync<Dictionary<string, JsonElement>>(Cancelled))!;
        problem.Remove("traceId");
        return JsonSerializer.Serialize(problem);
    }
}
