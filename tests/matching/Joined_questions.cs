using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Reviews;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

/// <summary>The same patient asked about again joins the open question.</summary>
public sealed class Joined_questions(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sameChild", 1, 0)]
    [InlineData("notThisChild", 0, 0)]
    [InlineData("cannotTell", 0, 1)]
    public async Task A_verdict_and_its_undoing_hold_for_every_attendance_of_the_patient(
        string verdict,
        int alerts,
        int askedAgain
    )
    {
        await using var matching = await StartAsync(servers);
        var (patient, first) = await AskedAsync(matching);
        var elsewhere = matching.AnEncounter(patient) with { Place = matching.Sealer.Seal(Elsewhere) };
        await matching.PublishAsync(elsewhere);
        await matching.SettleAsync();
        var council = matching.Service.Client(Hackney, "review.decide");

        var review = Assert.Single(await ListAsync(council));
        Assert.Equal([first.EncounterId, elsewhere.EncounterId], AttendancesOf(review));
        Assert.Equal(
            ["ED-4711", "QUE-9"],
            review.GetProperty("attendances").EnumerateArray().Select(seen => seen.GetProperty("reference").GetString())
        );
        Assert.Equal((2, 1), (review.GetProperty("version").GetInt32(), await TimesAskedAsync(matching, 1)));
        Assert.All([first, elsewhere], encounter => Assert.Null(matching.Notified(encounter)));

        // One who decides on what has changed since is refused.
        Assert.Equal(HttpStatusCode.Conflict, await ResolveAsync(council, review, verdict, version: 1));
        Assert.True(IsFine(await ResolveAsync(council, review, verdict)));
        await matching.SettleAsync();
        Assert.Empty(await ListAsync(council));
        foreach (var encounter in new[] { first, elsewhere })
        {
            Assert.Equal(alerts, Alerts(matching, encounter).Count);
            Assert.Single(await matching.LedgerAsync(encounter), entry => entry.Reason == "Known to us.");
        }

        // What comes after the verdict is decided by it, or asked about again where it said nothing.
        var next = matching.AnEncounter(patient);
        await matching.PublishAsync(next);
        await matching.SettleAsync();
        Assert.Equal((alerts, askedAgain), (Alerts(matching, next).Count, (await ListAsync(council)).Count));

        Assert.True(IsFine(await PostAsync(council, $"/reviews/{IdOf(review)}/undo", new { reason = "A mistake." })));
        await matching.SettleAsync();
        Assert.All([first, elsewhere, next], encounter =>
            Assert.Equal(
                alerts == 0 ? null : WithdrawalReason.UndoneByReviewer,
                matching.Notified(encounter)?.Withdrawn
            )
        );
        var open = await ListAsync(council);
        Assert.Equal(1 + askedAgain, open.Count);
        Assert.Equal(
            new[] { first, elsewhere, next }.Select(encounter => encounter.EncounterId).Order(),
            open.SelectMany(AttendancesOf).Order()
        );
    }

    public static TheoryData<string, string> Changes =>
        new()
        {
            { "first cancelled", "second" },
            { "second cancelled", "first" },
            { "both cancelled", "" },
            { "first cancelled and back", "second first" },
            { "first another patient", "second | first" },
            { "second another patient", "first | second" },
            { "first finished", "first second" },
            { "plan ended", "" },
            { "plan deleted", "" },
            { "another plan", "first second" },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_question_stays_with_its_claim_while_one_attendance_is_in_question(string change, string left)
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var plan = matching.APlan(child);
        var patient = Confused(child);
        var (first, second) = (matching.AnEncounter(patient), matching.AnEncounter(patient));
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(first);
        await matching.SettleAsync();
        await matching.PublishAsync(second);
        await matching.SettleAsync();
        var council = matching.Service.Client(Hackney, "review.decide");
        var id = IdOf(Assert.Single(await ListAsync(council)));
        Assert.True(IsFine(await PostAsync(council, $"/reviews/{id}/claim", new { reviewer = "Anna" })));
        var other = Confused(child) with { Names = [new(NameUse.Usual, "Quillfeather", ["Zebedee"])] };

        foreach (var step in change.Split(" and "))
        {
            switch (step)
            {
                case "first cancelled":
                    await matching.PublishAsync(first with { Version = 2, Status = EncounterStatus.Cancelled });
                    break;
                case "second cancelled":
                    await matching.PublishAsync(second with { Version = 2, Status = EncounterStatus.Cancelled });
                    break;
                case "both cancelled":
                    await matching.PublishAsync(
                        first with
                        {
                            Version = 2,
                            Status = EncounterStatus.Cancelled,
                        },
                        second with
                        {
                            Version = 2,
                            Status = EncounterStatus.Cancelled,
                        }
                    );
                    break;
                case "back":
                    await matching.PublishAsync(first with { Version = 3 });
                    break;
                case "first another patient":
                    await matching.PublishAsync(first with { Version = 2, Patient = matching.Sealer.Seal(other) });
                    break;
                case "second another patient":
                    await matching.PublishAsync(second with { Version = 2, Patient = matching.Sealer.Seal(other) });
                    break;
                case "first finished":
                    await matching.PublishAsync(first with { Version = 2, Status = EncounterStatus.Finished });
                    break;
                case "plan ended":
                    await matching.PublishAsync(new PlanEnded(plan.PlanId, 2, Hackney, Today.AddDays(-3)));
                    break;
                case "plan deleted":
                    await matching.PublishAsync(new PlanDeleted(plan.PlanId, 2, Hackney));
                    break;
                case "another plan":
                    await matching.PublishAsync(matching.APlan(child, kind: PlanKind.LookedAfter));
                    break;
            }

            await matching.SettleAsync();
        }

        var open = await ListAsync(council);
        var names = new Dictionary<Guid, string> { [first.EncounterId] = "first", [second.EncounterId] = "second" };
        Assert.Equal(
            left.Split(" | ", StringSplitOptions.RemoveEmptyEntries),
            open.OrderBy(review => IdOf(review) != id)
                .Select(review => string.Join(' ', AttendancesOf(review).Select(one => names[one])))
        );
        Assert.Equal(
            left.Length > 0 ? "Anna" : null,
            open.Find(review => IdOf(review) == id) is { ValueKind: JsonValueKind.Object } kept
                ? kept.GetProperty("claimedBy").GetString()
                : null
        );
        var times = left.Contains('|', StringComparison.Ordinal) ? 2 : 1;
        Assert.Equal(times, await TimesAskedAsync(matching, times));
    }

    [Fact]
    public async Task Attendances_at_once_on_two_replicas_ask_once_and_are_alerted_once_each()
    {
        await using var matching = await StartAsync(servers);
        var second = await matching.AddReplicaAsync(servers);
        var patients = new List<PersonTraits>();
        for (var i = 0; i < 12; i++)
        {
            var child = Synthetic.AChild();
            await matching.PublishAsync(matching.APlan(child));
            patients.Add(Confused(child));
        }

        await matching.SettleAsync();
        var encounters = patients
            .SelectMany(patient => Enumerable.Range(0, 4).Select(_ => matching.AnEncounter(patient)))
            .ToList();
        await Task.WhenAll(encounters.Select(encounter => matching.PublishAsync(encounter)));
        await matching.SettleAsync();
        Assert.Equal(patients.Count, await matching.CountAsync("matching.review WHERE state = 'open'"));
        Assert.Equal(encounters.Count, await matching.CountAsync("matching.review_member"));

        // Reviewers decide while more attendances come and others are corrected.
        var more = patients.Select(patient => matching.AnEncounter(patient)).ToList();
        var council = second.Client(Hackney, "review.decide");
        var decide = Task.WhenAll(
            (await ListAsync(council)).Select(async listed =>
            {
                var review = listed;
                while (await ResolveAsync(council, review, "sameChild") == HttpStatusCode.Conflict)
                    review = (await ListAsync(council)).Single(open => IdOf(open) == IdOf(listed));
            })
        );
        await Task.WhenAll(
            decide,
            Task.WhenAll(more.Select(encounter => matching.PublishAsync(encounter))),
            Task.WhenAll(
                encounters
                    .Where((_, i) => i % 4 == 0)
                    .Select(encounter =>
                        matching.PublishAsync(encounter with { Version = 2, Status = EncounterStatus.Finished })
                    )
            )
        );
        await matching.SettleAsync();

        Assert.Equal(0, await matching.CountAsync("matching.review WHERE state = 'open'"));
        Assert.All(encounters.Concat(more), encounter =>
        {
            var alerts = Alerts(matching, encounter);
            Assert.NotEmpty(alerts);
            // Each version once: no status is alerted twice.
            Assert.Equal(alerts.Count, alerts.DistinctBy(alert => alert.Status).Count());
            Assert.All(alerts, alert => Assert.Equal(MatchDecider.Reviewer, alert.DecidedBy));
        });
    }

    [Fact]
    public async Task An_undoing_beside_new_attendances_leaves_no_alert_and_one_question()
    {
        await using var matching = await StartAsync(servers);
        var second = await matching.AddReplicaAsync(servers);
        var asked = new List<(PersonTraits Patient, EncounterReceived First)>();
        for (var i = 0; i < 8; i++)
            asked.Add(await AskedAsync(matching));
        var council = second.Client(Hackney, "review.decide");
        var reviews = await ListAsync(council);
        foreach (var review in reviews)
            Assert.True(IsFine(await ResolveAsync(council, review, "sameChild")));
        await matching.SettleAsync();

        var more = asked
            .SelectMany(one => Enumerable.Range(0, 5).Select(_ => matching.AnEncounter(one.Patient)))
            .ToList();
        await Task.WhenAll(
            Task.WhenAll(more.Select(encounter => matching.PublishAsync(encounter))),
            Task.WhenAll(
                reviews.Select(async review =>
                    Assert.True(
                        IsFine(await PostAsync(council, $"/reviews/{IdOf(review)}/undo", new { reason = "A mistake." }))
                    )
                )
            )
        );
        await matching.SettleAsync();

        Assert.Equal(0, await matching.CountAsync("matching.council_match WHERE matched"));
        var open = await ListAsync(council);
        Assert.Equal(reviews.Select(IdOf).Order(), open.Select(IdOf).Order());
        Assert.All(open, review => Assert.Equal(6, AttendancesOf(review).Count()));
    }

    [Fact]
    public async Task An_attendance_that_comes_between_is_covered_by_the_undoing()
    {
        await using var matching = await StartAsync(servers);
        var (patient, first) = await AskedAsync(matching);
        var council = matching.Service.Client(Hackney, "review.decide");
        var review = Assert.Single(await ListAsync(council));
        Assert.True(IsFine(await ResolveAsync(council, review, "sameChild")));
        await matching.SettleAsync();
        var next = matching.AnEncounter(patient);
        Task<HttpStatusCode> undo;
        await using (var holder = new NpgsqlConnection(matching.Service.Surroundings.Database))
        {
            await holder.OpenAsync(Cancelled);
            await using var hold = new NpgsqlCommand("SELECT pg_advisory_lock(patient) FROM matching.review", holder);
            await hold.ExecuteNonQueryAsync(Cancelled);
            // The attendance waits first; the undoing behind it has read who is in question.
            await matching.PublishAsync(next);
            await WaitingAsync(matching, 1);
            undo = PostAsync(council, $"/reviews/{IdOf(review)}/undo", new { reason = "A mistake." });
            await WaitingAsync(matching, 2);
            await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", holder);
            await release.ExecuteNonQueryAsync(Cancelled);
        }

        Assert.True(IsFine(await undo));
        await matching.SettleAsync();
        Assert.All([first, next], encounter =>
            Assert.Equal(WithdrawalReason.UndoneByReviewer, matching.Notified(encounter)!.Withdrawn)
        );
        Assert.Equal(2, AttendancesOf(Assert.Single(await ListAsync(council))).Count());
    }

    private static Task WaitingAsync(MatchingUnderTest matching, int sessions) =>
        Eventually.UntilAsync(async () =>
            await matching.CountAsync(
                "pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
                    + "(SELECT oid FROM pg_database WHERE datname = current_database())"
            ) == sessions
        );

    private static readonly Place Elsewhere = new(
        "RYJ",
        "Imperial Synthetic Trust",
        "RYJ01",
        "St Elsewhere",
        CareSetting.UrgentTreatmentCentre,
        "020 7946 0001",
        "QUE-9"
    );

    /// <summary>Somebody else under the child's number.</summary>
    private static PersonTraits Confused(PersonTraits child) =>
        child with
        {
            Names = [new PersonName(NameUse.Usual, "Xanthopoulos", ["Quirina"])],
            BirthDate = child.BirthDate!.Value.AddDays(-1234),
            Postcodes = [],
        };

    // An event is committed before the listener has seen it.
    private static async Task<int> TimesAskedAsync(MatchingUnderTest matching, int atLeast) =>
        (await matching.Asked.AtLeast(atLeast)).Distinct().Count();

    private static async Task<(PersonTraits Patient, EncounterReceived First)> AskedAsync(MatchingUnderTest matching)
    {
        var child = Synthetic.AChild();
        var first = matching.AnEncounter(Confused(child));
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        await matching.PublishAsync(first);
        await matching.SettleAsync();
        return (Confused(child), first);
    }

    private static List<EncounterMatched> Alerts(MatchingUnderTest matching, EncounterReceived encounter) =>
        [
            .. matching
                .Matched.All.Where(alert => alert.EncounterId == encounter.EncounterId)
                .DistinctBy(alert => alert.Version),
        ];

    private static Guid IdOf(JsonElement review) => review.GetProperty("reviewId").GetGuid();

    private static IEnumerable<Guid> AttendancesOf(JsonElement review) =>
        review.GetProperty("attendances").EnumerateArray().Select(seen => seen.GetProperty("encounterId").GetGuid());

    private static bool IsFine(HttpStatusCode status) => (int)status is >= 200 and < 300;

    private static async Task<List<JsonElement>> ListAsync(HttpClient council) =>
        (await council.GetFromJsonAsync<List<JsonElement>>("/reviews?limit=200", Cancelled))!;

    private static Task<HttpStatusCode> ResolveAsync(
        HttpClient council,
        JsonElement review,
        string verdict,
        long? version = null
    ) =>
        PostAsync(
            council,
            $"/reviews/{IdOf(review)}/resolve",
            new
            {
                version = version ?? review.GetProperty("version").GetInt64(),
                verdict,
                reason = "Known to us.",
                claimId = (Guid?)null,
            }
        );

    private static async Task<HttpStatusCode> PostAsync(HttpClient council, string path, object body)
    {
        using var answer = await council.PostAsJsonAsync(path, body, Cancelled);
        return answer.StatusCode;
    }
}
