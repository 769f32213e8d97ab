using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Any_order(HubServers servers)
{
    [Fact]
    public async Task Every_order_of_the_events_of_a_plan_and_an_encounter_ends_in_the_same_state()
    {
        await using var matching = await StartAsync(servers);
        var cases = new List<(object[] Events, EncounterReceived Encounter, bool Matches)>();
        foreach (var order in Permutations(5))
        {
            cases.Add(Case(matching, order, plan => new PlanEnded(plan.PlanId, 3, Hackney, Today), matches: true));
            cases.Add(
                Case(matching, order, plan => new PlanEnded(plan.PlanId, 3, Hackney, Today.AddDays(-1)), matches: false)
            );
            cases.Add(Case(matching, order, plan => new PlanDeleted(plan.PlanId, 3, Hackney), matches: false));
        }

        // One event of each order at a time; the next when all are consumed.
        for (var turn = 0; turn < 5; turn++)
        {
            var events = cases.Select(order => order.Events[turn]).ToList();
            await matching.PublishAsync(events.OfType<PlanRegistered>().ToArray());
            await matching.PublishAsync(events.OfType<PlanAmended>().ToArray());
            await matching.PublishAsync(events.OfType<PlanEnded>().ToArray());
            await matching.PublishAsync(events.OfType<PlanDeleted>().ToArray());
            await matching.PublishAsync(events.OfType<EncounterReceived>().ToArray());
            await matching.SettleAsync();
        }

        Assert.All(cases, order =>
        {
            var match = matching.Notified(order.Encounter)?.Match;
            Assert.Equal(order.Matches, match is not null);
            Assert.True(
                match is null
                    || (match is { Status: EncounterStatus.Finished, Plans: [{ Kind: PlanKind.LookedAfter }] })
            );
        });
    }

    // Registered with another child's traits, amended to the right ones, then the last word; the encounter arrives and
    // finishes.
    private static (object[] Events, EncounterReceived Encounter, bool Matches) Case(
        MatchingUnderTest matching,
        int[] order,
        Func<PlanRegistered, object> last,
        bool matches
    )
    {
        var child = Synthetic.AChild();
        var registered = matching.APlan(Synthetic.AChild());
        var amended = Amended(
            registered with
            {
                Kind = PlanKind.LookedAfter,
                Subject = matching.Sealer.Seal(child),
            },
            2
        );
        var arrived = matching.AnEncounter(child) with
        {
            StartedAt = new DateTimeOffset(Today, new(12, 0), TimeSpan.Zero),
        };
        object[] events =
        [
            registered,
            amended,
            last(registered),
            arrived,
            arrived with
            {
                Version = 2,
                Status = EncounterStatus.Finished,
            },
        ];
        return ([.. order.Select(i => events[i])], arrived, matches);
    }

    private static IEnumerable<int[]> Permutations(int count) =>
        count == 0
            ?
            [
                [],
            ]
            : Permutations(count - 1)
                .SelectMany(rest =>
                    Enumerable.Range(0, count).Select(at => (int[])[.. rest[..at], count - 1, .. rest[at..]])
                );
}
