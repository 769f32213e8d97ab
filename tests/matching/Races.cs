using Safeguarding.Contracts.Encounters;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Races(HubServers servers)
{
    private const int Children = 600;

    [Fact]
    public async Task Two_replicas_that_take_plans_and_encounters_at_once_miss_no_pair_and_match_each_once()
    {
        await using var matching = await StartAsync(servers);
        await matching.AddReplicaAsync(servers);
        var random = new Random(20261122);
        var pairs = Enumerable.Range(0, Children)
            .Select(_ => Synthetic.AChild())
            .Select(child => (Plan: matching.APlan(child), Encounter: matching.AnEncounter(child)))
            .ToList();

        await Task.WhenAll(
            PublishInPacksAsync(matching, pairs.Select(pair => pair.Plan).ToArray(), random.Next()),
            PublishInPacksAsync(matching, pairs.Select(pair => pair.Encounter).ToArray(), random.Next()),
            PublishInPacksAsync(
                matching, pairs.Select(pair => pair.Encounter with { Version = 2, Status = EncounterStatus.Finished }).ToArray(), random.Next()));
        await matching.SettleAsync();

        Assert.All(pairs, pair =>
        {
            var told = matching.Told(pair.Encounter)!.Match!;
            Assert.Equal(pair.Plan.PlanId, Assert.Single(told.Plans).PlanId);
            Assert.Equal(EncounterStatus.Finished, told.Status);
        });
        Assert.Equal(Children, await matching.CountAsync("matching.council_match WHERE matched"));
        // No version was told twice, and none left out: each is one change of what the council knows.
        Assert.All(
            matching.Matched.All.GroupBy(match => match.EncounterId),
            versions => Assert.Equal(Enumerable.Range(1, versions.Count()).Select(n => (long)n), versions.Select(match => match.Version).Order()));
    }

    // Plans and encounters of one child come at about the same time, in packs of one to a dozen.
    private static async Task PublishInPacksAsync<TEvent>(MatchingUnderTest matching, TEvent[] events, int seed)
        where TEvent : class
    {
        var random = new Random(seed);
        for (var at = 0; at < events.Length;)
        {
            var count = Math.Min(random.Next(1, 13), events.Length - at);
            await matching.PublishAsync(events[at..(at + count)]);
            at += count;
        }
    }
}
