using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

/// <summary>Whatever children another council has, a council is alerted, asked and shown the same.</summary>
public sealed partial class Two_councils(HubServers servers)
{
    // The patient, a twin, somebody else with the number, and ever less like.
    private static readonly Func<PersonTraits, PersonTraits>[] Alike =
    [
        patient => patient,
        patient => patient with { Identifier = NoNumber },
        patient => patient with { Identifier = Another(), Names = [patient.Names[0] with { Given = ["Zebedee"] }] },
        patient => Older(patient) with { Names = [new(NameUse.Usual, "Xanthopoulos", ["Quirina"])], Postcodes = [] },
        patient => Older(patient) with { Identifier = NoNumber },
        patient => Older(patient) with { Identifier = Another(), Names = [patient.Names[0] with { Given = ["Ada"] }] },
    ];

    private static PersonIdentifier NoNumber => new PersonIdentifier.Unknown();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_council_sees_no_trace_of_another_councils_child()
    {
        await using var matching = await StartAsync(servers);
        var cases = (
            from own in Alike
            from other in Alike
            let patient = Synthetic.AChild()
            let encounter = matching.AnEncounter(patient)
            select (
                Own: matching.APlan(own(patient)),
                Other: matching.APlan(other(patient), Leeds),
                Before: encounter,
                After: encounter with
                {
                    EncounterId = Guid.CreateVersion7(),
                }
            )
        ).ToList();
        await matching.PublishAsync([.. cases.Select(pair => pair.Own)]);
        await matching.SettleAsync();
        await matching.PublishAsync([.. cases.Select(pair => pair.Before)]);
        await matching.SettleAsync();
        var alone = await SeenByHackneyAsync(matching, [.. cases.Select(pair => pair.Before)]);

        await matching.PublishAsync([.. cases.Select(pair => pair.Other)]);
        await matching.SettleAsync();
        Assert.Equal(alone, await SeenByHackneyAsync(matching, [.. cases.Select(pair => pair.Before)]));

        // The same patient would join the questions that are open.
        await matching.PublishAsync([
            .. cases.Select(pair => pair.Before with { Version = 2, Status = EncounterStatus.Cancelled }),
        ]);
        await matching.SettleAsync();
        await matching.PublishAsync([.. cases.Select(pair => pair.After)]);
        await matching.SettleAsync();
        Assert.Equal(alone, await SeenByHackneyAsync(matching, [.. cases.Select(pair => pair.After)]));
        // What is compared holds all there is to see: alerts, questions, and neither.
        Assert.Contains(alone, seen => seen.Alerts.Length > 2);
        Assert.Contains(alone, seen => seen.Questions.Length > 2);
        Assert.Contains(alone, seen => seen.Match.Length == 0);
    }

    private static PersonTraits Older(PersonTraits patient) =>
        patient with
        {
            BirthDate = patient.BirthDate!.Value.AddDays(-777),
        };

    private static PersonIdentifier.Known Another() => new(Synthetic.NextNhsNumber());

    private static async Task<List<Seen>> SeenByHackneyAsync(
        MatchingUnderTest matching,
        List<EncounterReceived> encounters
    )
    {
        var client = matching.Service.Client(Hackney, "match.read", "review.decide");
        using var reviews = JsonDocument.Parse(await client.GetStringAsync("/reviews?limit=200", Cancelled));
        // A question is committed before the listener has seen it.
        Guid[] questions =
        [
            .. reviews.RootElement.EnumerateArray().Select(review => review.GetProperty("reviewId").GetGuid()),
        ];
        await Eventually.UntilAsync(
            () => Task.FromResult(questions.Except(matching.Asked.All.Select(asked => asked.ReviewId)).Count()),
            missing => missing == 0
        );
        var seen = new List<Seen>();
        foreach (var encounter in encounters)
        {
            using var response = await client.GetAsync($"/matches/{encounter.EncounterId}", Cancelled);
            var found = response.StatusCode != HttpStatusCode.NotFound;
            var match = found ? await response.Content.ReadAsStringAsync(Cancelled) : "";
            var own = reviews
                .RootElement.EnumerateArray()
                .Where(review => review.GetProperty("encounterId").GetGuid() == encounter.EncounterId)
                .ToList();
            var asked = matching
                .Asked.All.Distinct()
                .Where(asked => own.Exists(review => review.GetProperty("reviewId").GetGuid() == asked.ReviewId));
            var told = matching
                .Matched.All.DistinctBy(told => (told.EncounterId, told.CouncilCode, told.Version))
                .Where(told => told.EncounterId == encounter.EncounterId && told.CouncilCode == Hackney)
                .Select(told => new
                {
                    told.Version,
                    told.Certainty,
                    told.RuleVersion,
                    told.Late,
                    told.Plans,
                    told.Why,
                    told.DecidedBy,
                });
            seen.Add(
                new(
                    WithoutNames(match),
                    WithoutNames(string.Concat(own.Select(review => review.GetRawText()))),
                    WithoutNames(JsonSerializer.Serialize(told)),
                    WithoutNames(JsonSerializer.Serialize(asked))
                )
            );
        }

        return seen;
    }

    // Ids and times name an encounter; all else must be the same.
    private static string WithoutNames(string json) => Names().Replace(json, "");

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}|P-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)?")]
    private static partial Regex Names();

    private sealed record Seen(string Match, string Review, string Alerts, string Questions);
}
