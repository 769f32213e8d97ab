using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Reviews;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Working_the_queue(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_reviewers_who_claim_at_once_no_two_hold_one_question()
    {
        await using var matching = await StartAsync(servers);
        for (var i = 0; i < 6; i++)
            await AskAsync(matching, Synthetic.AChild());
        var hackney = matching.Service.Client(Hackney, "review.decide");

        var claims = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => PostAsync(hackney, "/reviews/claim", new { reviewer = $"worker-{i}" }))
        );

        Assert.Equal(6, claims.Count(claim => claim.Status == HttpStatusCode.Created));
        Assert.Equal(4, claims.Count(claim => claim.Status == HttpStatusCode.NoContent));
        var held = claims.Where(claim => claim.Body is not null).ToList();
        var ids = held.Select(claim => claim.Body!.Value.GetProperty("reviews")[0].GetProperty("reviewId").GetGuid())
            .ToList();
        Assert.Equal(6, ids.Distinct().Count());

        var leeds = matching.Service.Client(Leeds, "review.decide");
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(leeds, "/reviews/claim", new { })).Status);
        foreach (
            var (verb, body) in new (string, object)[]
            {
                ("claim", new { }),
                ("release", new { claimId = Guid.CreateVersion7() }),
                ("undo", new { reason = "x" }),
                (
                    "second-opinion",
                    new
                    {
                        version = 1,
                        opinion = "sameChild",
                        reason = "x",
                        reviewer = "y",
                    }
                ),
                (
                    "resolve",
                    new
                    {
                        version = 1,
                        verdict = "sameChild",
                        reason = "x",
                    }
                ),
            }
        )
        {
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(leeds, $"/reviews/{ids[0]}/{verb}", body)).Status);
        }

        // What another holds can be neither claimed nor decided; given back, it can.
        Assert.Equal(
            "review-claimed",
            (await PostAsync(hackney, $"/reviews/{ids[0]}/claim", new { reviewer = "worker-11" })).Code
        );
        Assert.Equal(
            "review-claimed",
            (
                await PostAsync(
                    hackney,
                    $"/reviews/{ids[0]}/resolve",
                    new
                    {
                        version = 1,
                        verdict = "cannotTell",
                        reason = "x",
                    }
                )
            ).Code
        );
        var claimId = held[0].Body!.Value.GetProperty("claimId").GetGuid();
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await PostAsync(hackney, $"/reviews/{ids[0]}/release", new { claimId })).Status
        );
        Assert.Equal(
            HttpStatusCode.Created,
            (await PostAsync(hackney, $"/reviews/{ids[0]}/claim", new { reviewer = "worker-11" })).Status
        );
        Assert.Equal(
            "claim-unreadable",
            (await PostAsync(hackney, "/reviews/claim", new { max = 0, leaseSeconds = 5 })).Code
        );
    }

    [Fact]
    public async Task Who_claims_again_by_name_keeps_the_claim_and_has_it_for_longer()
    {
        await using var matching = await StartAsync(servers);
        await AskAsync(matching, Synthetic.AChild());
        var hackney = matching.Service.Client(Hackney, "review.decide");
        var path = $"/reviews/{Assert.Single(await ListAsync(hackney)).GetProperty("reviewId").GetGuid()}";

        var first = await PostAsync(hackney, $"{path}/claim", new { reviewer = "Anna", leaseSeconds = 60 });
        var again = await PostAsync(hackney, $"{path}/claim", new { reviewer = "anna", leaseSeconds = 600 });

        Assert.Equal(Claim(first).Id, Claim(again).Id);
        Assert.True(Claim(again).Until > Claim(first).Until);
        // A system that names nobody may be speaking for another member of staff.
        var unnamed = matching.Service.Client(Hackney, "review.decide");
        await PostAsync(hackney, $"{path}/release", new { claimId = Claim(again).Id });
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(unnamed, $"{path}/claim", new { })).Status);
        Assert.Equal("review-claimed", (await PostAsync(unnamed, $"{path}/claim", new { })).Code);

        static (Guid Id, DateTimeOffset Until) Claim((HttpStatusCode, JsonElement? Body, string?) answer) =>
            (
                answer.Body!.Value.GetProperty("claimId").GetGuid(),
                answer.Body!.Value.GetProperty("claimedUntil").GetDateTimeOffset()
            );
    }

    [Fact]
    public async Task One_question_is_shown_with_its_history_and_a_first_opinion_once_it_is_decided()
    {
        await using var matching = await StartAsync(servers);
        await AskAsync(matching, Synthetic.AChild());
        var hackney = matching.Service.Client(Hackney, "review.decide");
        var leeds = matching.Service.Client(Leeds, "review.decide");
        var id = Assert.Single(await ListAsync(hackney)).GetProperty("reviewId").GetGuid();
        Assert.Equal(HttpStatusCode.NotFound, (await leeds.GetAsync($"/reviews/{id}", Cancelled)).StatusCode);

        var opinion = new
        {
            version = 1,
            opinion = "sameChild",
            reason = "The school.",
            reviewer = "first",
        };
        await PostAsync(hackney, $"/reviews/{id}/second-opinion", opinion);
        var open = await hackney.GetFromJsonAsync<JsonElement>($"/reviews/{id}", Cancelled);
        Assert.Equal("open", open.GetProperty("review").GetProperty("state").GetString());
        Assert.Equal([("opinion", "first", null, null)], History(open));

        var decision = new
        {
            version = 1,
            verdict = "cannotTell",
            reason = "No answer.",
            reviewer = "second",
        };
        await PostAsync(hackney, $"/reviews/{id}/resolve", decision);
        var decided = await hackney.GetFromJsonAsync<JsonElement>($"/reviews/{id}", Cancelled);
        Assert.Equal(
            [("opinion", "first", "sameChild", "The school."), ("decided", "second", "cannotTell", "No answer.")],
            History(decided)
        );
        Assert.Equal(ResolveReview.WhatHappensNext, decided.GetProperty("next").GetString());
        var listed = Assert.Single(await ListAsync(hackney, "?state=resolved"));
        Assert.Equal("second", listed.GetProperty("decision").GetProperty("by").GetString());
        Assert.Empty(await ListAsync(leeds, "?state=resolved"));
        Assert.Equal(
            "review-changed",
            (await PostAsync(hackney, $"/reviews/{id}/undo", new { reason = "Not read.", version = 1 })).Code
        );

        static (string?, string?, string?, string?)[] History(JsonElement shown) =>
            [
                .. shown
                    .GetProperty("history")
                    .EnumerateArray()
                    .Select(entry =>
                        (Text(entry, "action"), Text(entry, "by"), Text(entry, "verdict"), Text(entry, "reason"))
                    ),
            ];
    }

    [Fact]
    public async Task A_list_goes_on_after_its_last_question_open_or_decided()
    {
        await using var matching = await StartAsync(servers);
        for (var i = 0; i < 3; i++)
            await AskAsync(matching, Synthetic.AChild());
        var hackney = matching.Service.Client(Hackney, "review.decide");
        var all = Ids(await ListAsync(hackney));

        Assert.Equal(all[..2], Ids(await ListAsync(hackney, "?limit=2")));
        Assert.Equal(all[2..], Ids(await ListAsync(hackney, $"?limit=2&after={all[1]}")));
        foreach (var id in all)
        {
            var decision = new
            {
                version = 1,
                verdict = "notThisChild",
                reason = "x",
            };
            await PostAsync(hackney, $"/reviews/{id}/resolve", decision);
        }

        Guid[] latestFirst = [.. all.Reverse()];
        Assert.Equal(latestFirst[..2], Ids(await ListAsync(hackney, "?state=resolved&limit=2")));
        Assert.Equal(latestFirst[2..], Ids(await ListAsync(hackney, $"?state=resolved&after={latestFirst[1]}")));
        var leeds = matching.Service.Client(Leeds, "review.decide");
        foreach (var (query, code) in new[] { ($"after={all[0]}", "after-unknown"), ("state=all", "state-invalid") })
        {
            using var refused = await leeds.GetAsync($"/reviews?{query}", Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(code, await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        static Guid[] Ids(List<JsonElement> list) => [.. list.Select(one => one.GetProperty("reviewId").GetGuid())];
    }

    [Fact]
    public async Task More_than_a_list_gives_is_refused_and_not_cut_down()
    {
        await using var matching = await StartAsync(servers);
        foreach (
            var (organisation, scope, path) in new[]
            {
                (Hackney, "review.decide", "/reviews"),
                ("HUB", "number.review", "/numbers/changes"),
            }
        )
        {
            using var reviewer = matching.Service.Client(organisation, scope);
            Assert.Equal(HttpStatusCode.OK, (await reviewer.GetAsync($"{path}?limit=200", Cancelled)).StatusCode);
            foreach (var limit in new[] { 0, -1, 201 })
            {
                var refused = await reviewer.GetAsync($"{path}?limit={limit}", Cancelled);
                Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
                Assert.Contains(
                    "limit-out-of-range",
                    await refused.Content.ReadAsStringAsync(Cancelled),
                    StringComparison.Ordinal
                );
            }
        }
    }

    [Fact]
    public async Task A_decision_is_undone_and_what_it_raised_is_withdrawn_even_after_the_traits_are_gone()
    {
        var clock = new FakeTimeProvider(Now);
        await using var matching = await StartAsync(servers, clock: clock);
        var (encounter, _) = await AskAsync(matching, Synthetic.AChild());
        var hackney = matching.Service.Client(Hackney, "review.decide");
        var item = Assert.Single(await ListAsync(hackney));
        var path = $"/reviews/{item.GetProperty("reviewId").GetGuid()}";
        Assert.Equal("Homerton Hospital", item.GetProperty("attendance").GetProperty("site").GetString());
        Assert.Equal("review-not-decided", (await PostAsync(hackney, $"{path}/undo", new { reason = "x" })).Code);

        Assert.Equal(
            HttpStatusCode.NoContent,
            (
                await PostAsync(
                    hackney,
                    $"{path}/resolve",
                    new
                    {
                        version = 1,
                        verdict = "sameChild",
                        reason = "Known.",
                    }
                )
            ).Status
        );
        await matching.SettleAsync();
        Assert.NotNull(matching.Notified(encounter)!.Match);
        for (var hour = 0; hour < 100; hour++)
            clock.Advance(TimeSpan.FromHours(1));
        await Eventually.UntilAsync(() => matching.CountAsync("matching.encounter_fact"), count => count == 0);

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await PostAsync(hackney, $"{path}/undo", new { reason = "It was the sister.", reviewer = "lead" })).Status
        );
        await matching.SettleAsync();
        Assert.Equal(new LastNotified(2, null, WithdrawalReason.UndoneByReviewer), matching.Notified(encounter));
        var again = Assert.Single(await ListAsync(hackney));
        Assert.Contains(await matching.LedgerAsync(encounter), entry =>
            entry is { DecidedBy: "lead", Reason: "It was the sister." }
        );

        // And redone.
        Assert.Equal(
            HttpStatusCode.NoContent,
            (
                await PostAsync(
                    hackney,
                    $"{path}/resolve",
                    new
                    {
                        version = again.GetProperty("version").GetInt64(),
                        verdict = "sameChild",
                        reason = "It was she after all.",
                    }
                )
            ).Status
        );
        await matching.SettleAsync();
        Assert.Equal(3, matching.Notified(encounter)!.Match!.Version);
    }

    [Fact]
    public async Task A_second_opinion_is_another_persons_whatever_name_the_first_gives()
    {
        await using var matching = await StartAsync(servers);
        await AskAsync(matching, Synthetic.AChild());
        using var anna = matching.Service.Person(Hackney, "reviewer", "anna");
        using var ben = matching.Service.Person(Hackney, "reviewer", "ben");
        var path = $"/reviews/{Assert.Single(await ListAsync(anna)).GetProperty("reviewId").GetGuid()}";
        var held = await PostAsync(ben, $"{path}/claim", new { reviewer = "Ben" });
        var signature = $"Ben (reviewer test|{Hackney}-reviewer-ben)";
        Assert.Equal("review-claimed", (await PostAsync(anna, $"{path}/claim", new { reviewer = signature })).Code);
        var claimId = held.Body!.Value.GetProperty("claimId").GetGuid();
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(ben, $"{path}/release", new { claimId })).Status);

        var opinion = new
        {
            version = 1,
            opinion = "notThisChild",
            reason = "Other school.",
        };
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(anna, $"{path}/second-opinion", opinion)).Status);

        foreach (var named in new[] { "Ben", null })
        {
            var decision = new
            {
                version = 1,
                verdict = "notThisChild",
                reason = "Not ours.",
                reviewer = named,
            };
            Assert.Equal(
                ("second-opinion-needs-another", "second-opinion-needs-another"),
                (
                    (await PostAsync(anna, $"{path}/claim", new { reviewer = named })).Code,
                    (await PostAsync(anna, $"{path}/resolve", decision)).Code
                )
            );
            if (named is null)
                Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(ben, $"{path}/resolve", decision)).Status);
        }

        var review = await anna.GetFromJsonAsync<JsonElement>(path, Cancelled);
        Assert.Equal(
            $"reviewer test|{Hackney}-reviewer-ben",
            review.GetProperty("review").GetProperty("decision").GetProperty("by").GetString()
        );
    }

    [Fact]
    public async Task A_second_opinion_is_anothers_and_the_figures_count_whether_they_agree()
    {
        await using var matching = await StartAsync(servers);
        await AskAsync(matching, Synthetic.AChild());
        var hackney = matching.Service.Client(Hackney, "review.decide");
        var path = $"/reviews/{Assert.Single(await ListAsync(hackney)).GetProperty("reviewId").GetGuid()}";

        Assert.Equal(
            HttpStatusCode.NoContent,
            (
                await PostAsync(
                    hackney,
                    $"{path}/second-opinion",
                    new
                    {
                        version = 1,
                        opinion = "notThisChild",
                        reason = "Other school.",
                        reviewer = "first",
                    }
                )
            ).Status
        );
        Assert.True(Assert.Single(await ListAsync(hackney)).GetProperty("secondOpinion").GetBoolean());
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await PostAsync(hackney, "/reviews/claim", new { reviewer = "first" })).Status
        );
        var decision = new
        {
            version = 1,
            verdict = "notThisChild",
            reason = "Not ours.",
            reviewer = "first",
        };
        foreach (var same in new[] { "first", " First", "" })
        {
            Assert.Equal(
                "second-opinion-needs-another",
                (await PostAsync(hackney, $"{path}/resolve", decision with { reviewer = same })).Code
            );
        }

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await PostAsync(hackney, $"{path}/resolve", decision with { reviewer = "second" })).Status
        );

        var figures = await hackney.GetFromJsonAsync<JsonElement>("/reviews/figures", Cancelled);
        Assert.Equal(
            (0, 1, 1, 1),
            (
                Number(figures, "open"),
                Number(figures, "notThisChild"),
                Number(figures, "secondOpinions"),
                Number(figures, "agreed")
            )
        );
        Assert.Equal(0, figures.GetProperty("calibration")[0].GetProperty("sameChild").GetDouble());
        // One decision would be recognised; nothing decided is no secret.
        var passedOn = await matching
            .Service.Client(Hackney, "alert.read")
            .GetFromJsonAsync<JsonElement>("/review-figures", Cancelled);
        Assert.Equal(
            (0, 0, 0),
            (Number(passedOn, "open"), Number(passedOn, "sameChild"), Number(passedOn, "cannotTell"))
        );
        Assert.False(passedOn.TryGetProperty("decided", out _) || passedOn.TryGetProperty("notThisChild", out _));
        var leeds = await matching
            .Service.Client(Leeds, "review.decide")
            .GetFromJsonAsync<JsonElement>("/reviews/figures", Cancelled);
        Assert.Equal(0, Number(leeds, "notThisChild"));
    }

    [Fact]
    public async Task What_was_decided_of_a_patient_is_not_asked_again_until_the_plan_is_corrected()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var (first, plan) = await AskAsync(matching, child);
        var hackney = matching.Service.Client(Hackney, "review.decide");
        var path = $"/reviews/{Assert.Single(await ListAsync(hackney)).GetProperty("reviewId").GetGuid()}";
        await PostAsync(
            hackney,
            $"{path}/resolve",
            new
            {
                version = 1,
                verdict = "notThisChild",
                reason = "The trust has the wrong number.",
            }
        );

        var next = first with { EncounterId = Guid.CreateVersion7() };
        await matching.PublishAsync(next);
        await matching.SettleAsync();
        Assert.Empty(await ListAsync(hackney));

        await matching.PublishAsync(Amended(plan with { Reference = "corrected" }, 2));
        await matching.SettleAsync();
        var again = first with { EncounterId = Guid.CreateVersion7() };
        await matching.PublishAsync(again);
        await matching.SettleAsync();
        Assert.Equal(
            [next.EncounterId, again.EncounterId],
            Assert
                .Single(await ListAsync(hackney))
                .GetProperty("attendances")
                .EnumerateArray()
                .Select(seen => seen.GetProperty("encounterId").GetGuid())
        );
    }

    [Fact]
    public async Task The_council_is_notified_of_a_review_and_once_more_when_it_is_overdue()
    {
        var clock = new FakeTimeProvider(Now);
        await using var matching = await StartAsync(servers, clock: clock);
        await AskAsync(matching, Synthetic.AChild());
        var hackney = matching.Service.Client(Hackney, "review.decide");
        Assert.Empty(await ListAsync(hackney, "?overdue=true"));

        clock.Advance(TimeSpan.FromHours(25));
        var watch = matching.Service.Services.GetServices<IHostedService>().OfType<WatchReviews>().Single();
        await watch.RunAsync(Cancelled);
        Assert.Equal(new Dictionary<string, int> { [Hackney] = 1 }, (await watch.RunAsync(Cancelled)).Unclaimed);

        // The service itself looks too when the clock is moved on, and may be the one that marks it.
        var item = Assert.Single(
            await Eventually.UntilAsync(
                () => ListAsync(hackney, "?overdue=true"),
                items => items.Exists(one => one.TryGetProperty("escalatedAt", out _))
            )
        );
        Assert.True(item.GetProperty("overdue").GetBoolean());
        Assert.Equal(JsonValueKind.String, item.GetProperty("escalatedAt").ValueKind);
        Assert.Equal(
            1,
            await matching.Service.Db(db =>
                db.Set<ReviewAct>().CountAsync(act => act.Action == ReviewAction.Escalated, Cancelled)
            )
        );
        Assert.Equal(
            HttpStatusCode.Created,
            (await PostAsync(hackney, "/reviews/claim", new { reviewer = "lead", leaseSeconds = 600 })).Status
        );
        Assert.Empty((await watch.RunAsync(Cancelled)).Unclaimed);
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Single((await watch.RunAsync(Cancelled)).Unclaimed);
        var told = await matching.Asked.AtLeast(2);
        var review = item.GetProperty("reviewId").GetGuid();
        Assert.Equal(
            [(review, Hackney, 1L, false), (review, Hackney, 1L, true)],
            told.Select(asked => (asked.ReviewId, asked.CouncilCode, asked.Version, asked.Overdue))
        );
        Assert.All(told, asked => Assert.Equal(item.GetProperty("dueAt").GetDateTimeOffset(), asked.DueAt));
    }

    [Fact]
    public async Task A_question_that_is_only_put_another_way_is_no_news()
    {
        await using var matching = await StartAsync(servers);
        var (encounter, _) = await AskAsync(matching, Synthetic.AChild());
        await matching.PublishAsync(encounter with { Version = 2, Status = EncounterStatus.Finished });
        await matching.SettleAsync();

        Assert.Single(await matching.Asked.AtLeast(1));
    }

    /// <summary>A child on a plan, and an encounter of somebody else under that child's number.</summary>
    private static async Task<(EncounterReceived Encounter, PlanRegistered Plan)> AskAsync(
        MatchingUnderTest matching,
        PersonTraits child
    )
    {
        var plan = matching.APlan(child);
        var encounter = matching.AnEncounter(
            child with
            {
                Names = [new PersonName(NameUse.Usual, "Xanthopoulos", ["Quirina"])],
                BirthDate = child.BirthDate!.Value.AddDays(-1234),
                Postcodes = [],
            }
        );
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();
        return (encounter, plan);
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static int Number(JsonElement figures, string name) => figures.GetProperty(name).GetInt32();

    private static async Task<List<JsonElement>> ListAsync(HttpClient council, string query = "") =>
        (await council.GetFromJsonAsync<List<JsonElement>>($"/reviews{query}", Cancelled))!;

    private static async Task<(HttpStatusCode Status, JsonElement? Body, string? Code)> PostAsync(
        HttpClient council,
        string path,
        object body
    )
    {
        using var answer = await council.PostAsJsonAsync(path, body, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        JsonElement? json = text.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(text);
        return (
            answer.StatusCode,
            json,
            json is { } read && read.TryGetProperty("code", out var code) ? code.GetString() : null
        );
    }
}
