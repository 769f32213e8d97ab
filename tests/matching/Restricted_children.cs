using System.Text.Json;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

/// <summary>A council cannot learn where another council's child is by registering the child itself.</summary>
public sealed class Restricted_children(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_council_whose_restricted_plan_came_first_keeps_where_whatever_another_registers()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var first = matching.APlan(child) with { Restricted = true };
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(first);
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();
        Assert.Equal(PlanRestriction.ByCouncil, Restriction(matching, encounter, Hackney));
        Assert.Empty(matching.Notified(encounter)!.Match!.Why!);

        // Before or after the encounter, and restricted itself or not.
        await matching.PublishAsync(matching.APlan(child, Leeds) with { Restricted = true });
        await matching.SettleAsync();
        var next = matching.AnEncounter(child);
        await matching.PublishAsync(next);
        await matching.SettleAsync();

        foreach (var one in new[] { encounter, next })
        {
            Assert.Equal(PlanRestriction.ByCouncil, Restriction(matching, one, Hackney));
            Assert.Equal(PlanRestriction.ByAnotherCouncil, Restriction(matching, one, Leeds));
            // Who can agree is for the hub alone: it would tell who protects the child.
            Assert.Equal(Hackney, matching.Notified(one, Leeds)!.Match!.Plans[0].WithheldBy);
            Assert.Null(matching.Notified(one)!.Match!.Plans[0].WithheldBy);
            using var reader = matching.Service.Client(Leeds, "match.read");
            Assert.DoesNotContain(
                Hackney,
                await reader.GetStringAsync($"/matches/{one.EncounterId}", Cancelled),
                StringComparison.Ordinal
            );
            Assert.Empty(matching.Notified(one, Leeds)!.Match!.Why!);
            Assert.All([Hackney, Leeds], council =>
                Assert.Empty(Decisions(matching, one, council).SelectMany(line => Traits(line)))
            );
        }
    }

    [Fact]
    public async Task A_restriction_that_comes_later_and_one_that_is_lifted_are_sent_as_new_versions()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var (own, other) = (matching.APlan(child), matching.APlan(child, Leeds));
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(own, other);
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();
        Assert.Equal(PlanRestriction.None, Restriction(matching, encounter, Leeds));

        await matching.PublishAsync(Amended(own, 2, restricted: true));
        await matching.SettleAsync();
        Assert.Equal(PlanRestriction.ByCouncil, Restriction(matching, encounter, Hackney));
        Assert.Equal(PlanRestriction.ByAnotherCouncil, Restriction(matching, encounter, Leeds));

        await matching.PublishAsync(Amended(own, 3, restricted: false));
        await matching.SettleAsync();
        Assert.Equal(PlanRestriction.None, Restriction(matching, encounter, Hackney));
        Assert.Equal(PlanRestriction.None, Restriction(matching, encounter, Leeds));
    }

    [Fact]
    public async Task A_question_about_a_restricted_child_is_asked_of_nobody_with_where()
    {
        await using var matching = await StartAsync(servers);
        var patient = Synthetic.AChild();
        var alike = patient with
        {
            Identifier = new PersonIdentifier.Unknown(),
            BirthDate = patient.BirthDate!.Value.AddDays(1),
        };
        await matching.PublishAsync(matching.APlan(alike) with { Restricted = true }, matching.APlan(alike, Leeds));
        await matching.SettleAsync();
        await matching.PublishAsync(matching.AnEncounter(patient));
        await matching.SettleAsync();

        foreach (var council in new[] { Hackney, Leeds })
        {
            using var client = matching.Service.Client(council, "review.decide");
            var question = Assert.Single(
                JsonDocument.Parse(await client.GetStringAsync("/reviews", Cancelled)).RootElement.EnumerateArray()
            );
            Assert.False(question.TryGetProperty("attendance", out _), council);
            Assert.Empty(question.GetProperty("attendances").EnumerateArray());
        }
    }

    [Fact]
    public async Task Another_councils_question_about_a_restricted_child_says_the_day_and_no_more()
    {
        await using var matching = await StartAsync(servers);
        var asked = await matching.Service.Bus.ListenAsync<MatchNeedsReview>();
        var patient = Synthetic.AChild();
        var alike = patient with
        {
            Identifier = new PersonIdentifier.Unknown(),
            BirthDate = patient.BirthDate!.Value.AddDays(1),
        };
        await matching.PublishAsync(matching.APlan(alike) with { Restricted = true });
        await matching.SettleAsync();
        // Both restrict the child; Hackney was first, so Leeds is told the day alone.
        await matching.PublishAsync(matching.APlan(alike, Leeds) with { Restricted = true });
        await matching.SettleAsync();
        var encounter = matching.AnEncounter(patient);
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        foreach (var (council, withheld) in new[] { (Hackney, false), (Leeds, true) })
        {
            using var client = matching.Service.Client(council, "review.decide", "match.read");
            var question = Assert.Single(
                JsonDocument.Parse(await client.GetStringAsync("/reviews", Cancelled)).RootElement.EnumerateArray()
            );
            Assert.Equal(withheld, question.GetProperty("withheld").GetBoolean());
            foreach (var hidden in new[] { "encounterId", "posterior" })
                Assert.Equal(!withheld, question.TryGetProperty(hidden, out _));
            foreach (var hidden in new[] { "evidence", "inWords", "compared" })
                Assert.Equal(!withheld, question.GetProperty(hidden).GetArrayLength() > 0);
            foreach (var time in new[] { "raisedAt", "dueAt" })
                Assert.True(!withheld || IsDay(question.GetProperty(time)), time);
            var id = question.GetProperty("reviewId").GetGuid();
            Assert.Equal(TimeProvider.System.GetUtcNow().DayOnly(), TimeOf(id));

            var one = JsonDocument.Parse(await client.GetStringAsync($"/reviews/{id}", Cancelled)).RootElement;
            Assert.True(!withheld || IsDay(one.GetProperty("raisedFirstAt")));
            var told = await asked.One(news => news.CouncilCode == council);
            Assert.True(told.Restricted);
            Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (told.RaisedAt.TimeOfDay, told.DueAt.TimeOfDay));

            var lines = JsonDocument
                .Parse(await client.GetStringAsync($"/matches/{encounter.EncounterId}", Cancelled))
                .RootElement.GetProperty("decisions")
                .EnumerateArray();
            Assert.All(lines, line =>
            {
                Assert.False(line.TryGetProperty("decisionId", out _));
                Assert.True(IsDay(line.GetProperty("decidedAt")));
            });
        }
    }

    private static bool IsDay(JsonElement time) => time.GetDateTimeOffset().TimeOfDay == TimeSpan.Zero;

    private static DateTimeOffset TimeOf(Guid id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(
            (long)System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16
        );

    [Fact]
    public async Task Guesses_of_a_home_that_come_after_the_encounter_are_not_answered()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        await matching.PublishAsync(
            matching.APlan(child),
            matching.APlan(child with { Postcodes = [new("ZZ77 7ZZ")] }, Leeds)
        );
        await matching.SettleAsync();
        var next = matching.AnEncounter(child);
        await matching.PublishAsync(next);
        await matching.SettleAsync();

        Assert.All([Hackney, Leeds], council =>
        {
            Assert.DoesNotContain(Traits(Decisions(matching, encounter, council)[^1]), IsOfHome);
            Assert.DoesNotContain("Postcode", Why(matching, encounter, council), StringComparison.Ordinal);
            // Held before the encounter, and so no guess.
            Assert.Contains(Traits(Decisions(matching, next, council)[^1]), IsOfHome);
        });
        Assert.Contains("Postcode", Why(matching, next, Hackney), StringComparison.Ordinal);
    }

    private static bool IsOfHome(string trait) => trait is "postcode" or "phone";

    private static PlanAmended Amended(PlanRegistered plan, long version, bool restricted) =>
        new(
            plan.PlanId,
            version,
            plan.CouncilCode,
            plan.Reference,
            plan.Kind,
            plan.StartDate,
            plan.EndDate,
            plan.ExpectedDate,
            plan.Subject,
            restricted
        );

    private static PlanRestriction Restriction(
        MatchingUnderTest matching,
        EncounterReceived encounter,
        string council
    ) => Assert.Single(matching.Notified(encounter, council)!.Match!.Plans).Restriction;

    private static string Why(MatchingUnderTest matching, EncounterReceived encounter, string council) =>
        string.Concat(matching.Notified(encounter, council)!.Match!.Why!);

    private static JsonElement[] Decisions(MatchingUnderTest matching, EncounterReceived encounter, string council)
    {
        using var client = matching.Service.Client(council, "match.read");
        var answer = client.GetStringAsync($"/matches/{encounter.EncounterId}", Cancelled).GetAwaiter().GetResult();
        return [.. JsonDocument.Parse(answer).RootElement.GetProperty("decisions").EnumerateArray()];
    }

    private static IEnumerable<string> Traits(JsonElement decision) =>
        decision
            .GetProperty("evidence")
            .EnumerateArray()
            .SelectMany(person =>
                person.GetProperty("outcome").GetProperty("evidence").GetProperty("traits").EnumerateArray()
            )
            .Select(trait => trait.GetProperty("trait").GetString()!);
}
