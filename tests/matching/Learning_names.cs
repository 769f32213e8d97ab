using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Names;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

/// <summary>
/// How common a name is, the service learns from who attends: five people at least, each once, never from plans.
/// </summary>
public sealed class Learning_names(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static double Tail => Population.Default.Shares["familyName"].Tail;

    /// <summary>Who attended before, how many plans of the name there were, and whether its share is raised.</summary>
    public static TheoryData<string, int, int, int, bool> Before =>
        new()
        {
            { "nobody", 0, 1, 0, false },
            { "four people", 4, 1, 0, false },
            { "five people", 5, 1, 0, true },
            { "one person five times", 1, 5, 0, false },
            { "five people on plans who do not attend", 0, 1, 5, false },
        };

    [Theory]
    [MemberData(nameof(Before))]
    public async Task A_share_is_raised_by_five_people_who_attended(
        string who,
        int people,
        int times,
        int plans,
        bool isRaised
    )
    {
        await using var matching = await StartAsync(servers);
        var attended = Enumerable.Range(0, people).Select(_ => Quillfeather()).ToList();
        await matching.PublishAsync([
            .. attended.SelectMany(person => Enumerable.Range(0, times).Select(_ => matching.AnEncounter(person))),
        ]);
        await matching.PublishAsync([.. Enumerable.Range(0, plans).Select(_ => matching.APlan(Quillfeather(), Leeds))]);
        await matching.SettleAsync();
        await CountAsync(matching.Service);

        var (shares, version) = await DecidedAsync(matching, Quillfeather());

        Assert.True(isRaised == shares["familyName"] > Tail, who);
        Assert.Equal(isRaised, shares["givenName"] > Population.Default.ShareOfGiven("ZEBEDEE", ["QUILLFEATHER"]));
        Assert.Equal(people > 0, version.Contains("+learned-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_decision_with_learned_shares_replays_from_the_ledger_alone()
    {
        await using var matching = await StartAsync(servers);
        await matching.PublishAsync([.. Enumerable.Range(0, 7).Select(_ => matching.AnEncounter(Quillfeather()))]);
        await matching.SettleAsync();
        await CountAsync(matching.Service);

        var child = Quillfeather();
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        var entry = Assert.Single(await matching.LedgerAsync(encounter));
        var made = Assert.Single(PersonsOf(entry.Evidence)).Outcome;
        // The rules that come with the service learned nothing, and say the same.
        Assert.Equal(
            JsonSerializer.Serialize(made, HubJson.Options),
            JsonSerializer.Serialize(Decide.Redecide(made, Parameters.Default), HubJson.Options)
        );
    }

    [Fact]
    public async Task A_count_has_a_new_version_only_where_it_changed_and_another_replica_reads_it()
    {
        await using var matching = await StartAsync(servers);
        await matching.PublishAsync([.. Enumerable.Range(0, 5).Select(_ => matching.AnEncounter(Quillfeather()))]);
        await matching.SettleAsync();
        await CountAsync(matching.Service);
        var counted = matching.Service.Services.GetRequiredService<NamesLearned>().Current;
        await CountAsync(matching.Service);

        var other = await matching.AddReplicaAsync(servers);

        var learned = other.Services.GetRequiredService<NamesLearned>().Current;
        Assert.Equal((counted.Version, 5), (learned.Version, learned.People));
        Assert.Equal(counted.Bearers, learned.Bearers);
    }

    [Fact]
    public async Task What_was_learned_goes_with_the_encounters_it_was_learned_of()
    {
        await using var matching = await StartAsync(servers);
        await matching.PublishAsync([.. Enumerable.Range(0, 6).Select(_ => matching.AnEncounter(Quillfeather()))]);
        await matching.SettleAsync();
        await CountAsync(matching.Service);
        Assert.Equal(3, await matching.CountAsync("matching.name_bearers"));
        var version = matching.Service.Services.GetRequiredService<NamesLearned>().Current.Version;

        await matching
            .Service.Services.GetRequiredService<DailyPartitions>()
            .DropBeforeAsync(Today.AddDays(2), Cancelled);
        await CountAsync(matching.Service);

        Assert.Equal(0, await matching.CountAsync("matching.name_bearers"));
        Assert.Equal(version + 1, matching.Service.Services.GetRequiredService<NamesLearned>().Current.Version);
    }

    [Fact]
    public async Task What_was_learned_under_one_look_up_key_holds_under_the_next()
    {
        await using var matching = await StartAsync(servers, ownKeys: true);
        await matching.PublishAsync([.. Enumerable.Range(0, 6).Select(_ => matching.AnEncounter(Quillfeather()))]);
        await matching.SettleAsync();
        await CountAsync(matching.Service);
        var macs = matching.Service.Services.GetRequiredService<BlockMacs>();
        var before = macs.KeyId;
        matching.Service.Surroundings.Keys.Rotate();
        await Eventually.UntilAsync(() => Task.FromResult(macs.KeyId), key => key != before);

        var (shares, _) = await DecidedAsync(matching, Quillfeather());

        Assert.True(shares["familyName"] > Tail);
    }

    [Fact]
    public async Task What_was_entered_in_error_teaches_nothing()
    {
        await using var matching = await StartAsync(servers);
        await matching.PublishAsync([
            .. Enumerable
                .Range(0, 6)
                .Select(_ => matching.AnEncounter(Quillfeather()) with { Status = EncounterStatus.EnteredInError }),
        ]);
        await matching.SettleAsync();
        await CountAsync(matching.Service);

        Assert.Equal(0, await matching.CountAsync("matching.name_bearers"));
    }

    private static Task CountAsync(ServiceUnderTest<MatchingDb> service) =>
        service.Services.GetServices<IHostedService>().OfType<CountEncounterNames>().Single().RunAsync(Cancelled);

    private static PersonTraits Quillfeather() =>
        Synthetic.AChild() with
        {
            Names = [new(NameUse.Usual, "Quillfeather", ["Zebedee"])],
        };

    private static async Task<(Dictionary<string, double?> Shares, string Version)> DecidedAsync(
        MatchingUnderTest matching,
        PersonTraits child
    )
    {
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();
        var entry = (await matching.LedgerAsync(encounter)).Single(entry => entry.CouncilCode == Hackney);
        var traits = PersonsOf(entry.Evidence)[0].Outcome.Evidence.Traits;
        return (traits.ToDictionary(trait => trait.Trait, trait => trait.Frequency), entry.RuleVersion);
    }

    private static List<PersonDecision> PersonsOf(string evidence) =>
        JsonSerializer.Deserialize<List<PersonDecision>>(evidence, HubJson.Options)!;
}
