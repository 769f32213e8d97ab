using System.Net.Http.Json;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Races(HubServers servers)
{
    private const int Children = 900;
    private const int PackSize = 15;

    [Fact]
    public async Task Two_replicas_that_take_plans_and_encounters_at_once_miss_no_pair_and_match_each_once()
    {
        await using var matching = await StartAsync(servers);
        await matching.AddReplicaAsync(servers);
        var random = new Random(20261122);
        var pairs = Enumerable
            .Range(0, Children)
            .Select(i => (Child: Synthetic.AChild(), Again: i % 3 == 0))
            .Select(pair => (Plan: matching.APlan(pair.Child), Encounter: matching.AnEncounter(pair.Child), pair.Again))
            .ToList();

        // The plans and the encounters of the same children leave at the same moment, over different queues.
        foreach (var pack in pairs.Chunk(PackSize))
        {
            var plans = matching.PublishAsync(pack.Select(pair => pair.Plan).OrderBy(_ => random.Next()).ToArray());
            var encounters = matching.PublishAsync(
                pack.Select(pair => pair.Encounter).OrderBy(_ => random.Next()).ToArray()
            );
            var again = matching.PublishAsync(
                pack.Where(pair => pair.Again)
                    .Select(pair => pair.Encounter with { Version = 2, Status = EncounterStatus.Finished })
                    .ToArray()
            );
            await Task.WhenAll(plans, encounters, again);
        }

        await matching.SettleAsync();

        Assert.All(pairs, pair =>
        {
            var told = matching.Notified(pair.Encounter)!.Match!;
            Assert.Equal(pair.Plan.PlanId, Assert.Single(told.Plans).PlanId);
            Assert.Equal(pair.Again ? EncounterStatus.Finished : EncounterStatus.Arrived, told.Status);
        });
        Assert.Equal(Children, await matching.CountAsync("matching.council_match WHERE matched"));
        // No version was told twice, and none left out: each is one change of what the council knows.
        Assert.All(matching.Matched.All.GroupBy(match => match.EncounterId), versions =>
            Assert.Equal(
                Enumerable.Range(1, versions.Count()).Select(n => (long)n),
                versions.Select(match => match.Version).Order()
            )
        );
    }

    [Fact]
    public async Task A_restricted_plan_holds_a_merge_back_for_every_plan_that_comes_with_it()
    {
        await using var matching = await StartAsync(servers);
        await matching.AddReplicaAsync(servers);
        await matching.Bus.ListenAsync<NumberChanged>();
        var children = Enumerable.Range(0, 60).Select(_ => Synthetic.AChild()).ToList();
        using var demographics = matching.Service.Client("HUB", "number.write");
        foreach (var (child, i) in children.Select((child, i) => (child, i)))
        {
            var data = new
            {
                supersededNhsNumber = ((PersonIdentifier.Known)child.Identifier).Number.Reveal(),
                nhsNumber = Synthetic.NextNhsNumber().Reveal(),
                kind = "merge",
            };
            var change = new
            {
                specversion = "1.0",
                id = $"{i}",
                source = "urn:test",
                type = "nhs-number-change-2",
                data,
            };
            (
                await demographics.PostAsJsonAsync("/numbers/changes", change, TestContext.Current.CancellationToken)
            ).EnsureSuccessStatusCode();
        }

        foreach (var child in children)
        {
            await Task.WhenAll(
                matching.PublishAsync(matching.APlan(child, Leeds)),
                matching.PublishAsync(matching.APlan(child) with { Restricted = true })
            );
        }

        await matching.SettleAsync();

        Assert.Equal(
            children.Count,
            await matching.CountAsync("matching.number_change WHERE state = 'held' AND restricted_plan")
        );
        Assert.Equal(0, await matching.CountAsync("matching.plan WHERE aliases IS NOT NULL"));
    }
}
