using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

/// <summary>A council answers a person who asks why the hub took patients for them, or for their child.</summary>
public sealed class Subject_access(HubServers servers)
{
    private const string Lead = "safeguarding-lead";
    private const string Reason = "The mother's neighbour told the ward.";

    // Of the place, of the other council, and of the patient who was not this child.
    private static readonly string[] Never =
    [
        Leeds,
        "RQX",
        "Homerton",
        "7946 0000",
        "ED-4711",
        "Xanthopoulos",
        "Quirina",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_match_is_said_in_words_and_an_undecided_patient_is_somebody_else()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var plan = matching.APlan(child);
        var stranger = child with
        {
            Names = [child.Names[0] with { Family = "Xanthopoulos", Given = ["Quirina"] }],
            BirthDate = child.BirthDate!.Value.AddDays(-900),
            Postcodes = [],
        };
        var (seen, doubted) = (matching.AnEncounter(child), matching.AnEncounter(stranger));
        await matching.PublishAsync(plan, matching.APlan(child, Leeds));
        await matching.SettleAsync();
        await matching.PublishAsync(seen, doubted);
        await matching.SettleAsync();
        using var lead = matching.Service.Person(Hackney, Lead);

        var first = await SubjectAccess.AskAsync(lead, plan.PlanId);

        Assert.All(Never, word => Assert.DoesNotContain(word, first.Text, StringComparison.Ordinal));
        Assert.Equal(
            [seen.EncounterId.ToString(), "(other-people)"],
            first.Of("match.encounter").Order(StringComparer.Ordinal).Reverse()
        );
        Assert.Contains(first.Of("match.decided"), said => said == "the patient was taken for this person");
        Assert.Contains(first.Of("match.inWords"), said =>
            said.Contains("likely to be the same child", StringComparison.Ordinal)
        );
        Assert.Equal(["open"], first.Of("review.state"));
        Assert.Equal(["(other-people)"], first.Of("review.inWords"));
        Assert.All(first.Of("match.plans").Concat(first.Of("review.plans")), named =>
            Assert.Equal(plan.Reference, named)
        );

        // A reviewer says that it was this child: then it is the child's to know, and not who said it.
        await DecideAsync(matching, "sameChild");
        var decided = await SubjectAccess.AskAsync(lead, plan.PlanId);
        Assert.Contains(doubted.EncounterId.ToString(), decided.Of("match.encounter"));
        Assert.Contains("same child", decided.Of("review-act.verdict"));
        Assert.Contains("(reporter)", decided.Of("review-act.by"));
        Assert.Equal(["(other-people)"], decided.Of("review-act.reason"));
        Assert.DoesNotContain("neighbour", decided.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Rosalind", decided.Text, StringComparison.Ordinal);

        const string Why = "She has it from the ward herself.";
        var released = await SubjectAccess.AskAsync(
            lead,
            plan.PlanId,
            "child",
            (decided.ItemOf("review-act.reason"), Why)
        );
        Assert.Equal([Reason], released.Of("review-act.reason"));
        Assert.Contains("(reporter)", released.Of("review-act.by"));
        Assert.Equal(["(other-people)"], (await SubjectAccess.AskAsync(lead, plan.PlanId)).Of("review-act.reason"));
        var release = await matching.Service.Db(db =>
            db.Set<AuditRecord>().SingleAsync(record => record.Act == "review.subject-access.release", Cancelled)
        );
        Assert.Equal((Hackney, Lead), (release.Organisation, release.Role));
        Assert.Equal($"reason: {Why}", matching.Service.ReasonOf(release));
        Assert.DoesNotContain("ward", release.Reason, StringComparison.Ordinal);
        Assert.True(await matching.CountAsync("matching.audit_record WHERE act = 'match.subject-access'") >= 8);

        // What was taken back was somebody else's.
        await matching.PublishAsync(seen with { Version = 2, Status = EncounterStatus.EnteredInError });
        await matching.SettleAsync();
        var withdrawn = await SubjectAccess.AskAsync(lead, plan.PlanId);
        Assert.DoesNotContain(seen.EncounterId.ToString(), withdrawn.Text, StringComparison.Ordinal);
        Assert.Contains("what the council was told before was taken back", withdrawn.Of("match.decided"));
    }

    [Fact]
    public async Task A_mothers_attendance_is_hers_and_not_her_unborn_childs()
    {
        await using var matching = await StartAsync(servers);
        var mother = Synthetic.AWoman();
        var plan = matching.APlan(mother, kind: PlanKind.Unborn);
        var encounter = matching.AnEncounter(mother);
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();
        using var lead = matching.Service.Person(Hackney, Lead);

        var hers = await SubjectAccess.AskAsync(lead, plan.PlanId, "motherOfUnborn");
        var theirs = await SubjectAccess.AskAsync(lead, plan.PlanId);

        Assert.Equal([encounter.EncounterId.ToString()], hers.Of("match.encounter"));
        Assert.Equal(["(other-people)"], hers.Of("match.plans"));
        Assert.Equal(["(other-people)"], theirs.Of("match.encounter"));
        Assert.Equal(["(other-people)"], theirs.Of("match.inWords"));
    }

    [Fact]
    public async Task Of_a_restricted_child_nothing_but_the_outcome_and_the_day_is_shown_or_released()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var (plan, other) = (matching.APlan(child) with { Restricted = true }, matching.APlan(child, Leeds));
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(plan, other);
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        foreach (var (council, planId) in new[] { (Hackney, plan.PlanId), (Leeds, other.PlanId) })
        {
            using var lead = matching.Service.Person(council, Lead);
            var shown = await SubjectAccess.AskAsync(lead, planId);
            Assert.Equal(["the patient was taken for this person"], shown.Of("match.decided"));
            Assert.Equal(["(restricted)"], shown.Of("match.encounter"));
            Assert.Equal(["(restricted)"], shown.Of("match.inWords"));
            Assert.Matches(@"^\d{4}-\d\d-\d\d$", Assert.Single(shown.Of("match.decidedAt")));
            // An id of this version says when it was made.
            Assert.DoesNotContain(shown.Items, item => item.Item.Split('/').Any(part => Guid.TryParse(part, out _)));
            using var refused = await SubjectAccess.SendAsync(
                lead,
                [(planId, "child")],
                (shown.ItemOf("match.encounter"), "He asked.")
            );
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.DoesNotContain(
                encounter.EncounterId.ToString(),
                await refused.Content.ReadAsStringAsync(Cancelled),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Plans_that_cannot_be_used_are_named_and_another_councils_are_as_none()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var plan = matching.APlan(child);
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(matching.AnEncounter(child));
        await matching.SettleAsync();
        using var lead = matching.Service.Person(Hackney, Lead);
        foreach (
            var (body, field) in new (object, string)[]
            {
                (new { }, "plans"),
                (new { plans = Array.Empty<object>() }, "plans"),
                (new { plans = new object?[] { null } }, "plans[0].role"),
                (new { plans = new[] { new { id = plan.PlanId } } }, "plans[0].role"),
                (new { plans = new[] { new { id = Guid.Empty, role = "child" } } }, "plans[0].id"),
                (
                    new
                    {
                        plans = new[]
                        {
                            new { id = plan.PlanId, role = "child" },
                            new { id = plan.PlanId, role = "child" },
                        },
                    },
                    "plans[1].id"
                ),
            }
        )
        {
            using var answer = await lead.PostAsJsonAsync("/subject-access", body, Cancelled);
            var problem = await answer.Content.ReadAsStringAsync(Cancelled);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, problem);
            Assert.Contains($"\"{field}\"", problem, StringComparison.Ordinal);
        }

        using var worker = matching.Service.Person(Hackney, "duty-worker");
        using var forbidden = await SubjectAccess.SendAsync(worker, [(plan.PlanId, "child")]);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        using var stranger = matching.Service.Person(Leeds, Lead);
        Assert.Empty((await SubjectAccess.AskAsync(stranger, plan.PlanId)).Items);
        Assert.NotEmpty((await SubjectAccess.AskAsync(lead, plan.PlanId)).Items);
    }

    private static async Task DecideAsync(MatchingUnderTest matching, string verdict)
    {
        using var reviewer = matching.Service.Client(Hackney, "review.decide");
        var review = Assert.Single((await reviewer.GetFromJsonAsync<List<JsonElement>>("/reviews", Cancelled))!);
        using var decided = await reviewer.PostAsJsonAsync(
            $"/reviews/{review.GetProperty("reviewId").GetGuid()}/resolve",
            new
            {
                version = review.GetProperty("version").GetInt64(),
                verdict,
                reason = Reason,
                reviewer = "Rosalind Peverell",
            },
            Cancelled
        );
        Assert.Equal(HttpStatusCode.NoContent, decided.StatusCode);
        await matching.SettleAsync();
    }
}
