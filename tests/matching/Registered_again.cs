using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Plans;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

/// <summary>Of a child that two councils put on their registers both are told, once, and as much as they may
/// know.</summary>
public sealed class Registered_again(HubServers servers)
{
    private const OtherCouncilShown Named = OtherCouncilShown.Named;
    private const OtherCouncilShown Unnamed = OtherCouncilShown.Unnamed;
    private const OtherCouncilShown Nothing = OtherCouncilShown.Nothing;

    public static TheoryData<string, bool, bool, OtherCouncilShown, OtherCouncilShown> Restrictions { get; } =
        new()
        {
            { "by nobody: each is told of the other", false, false, Named, Named },
            { "by who had the child: who registers it learns nothing", true, false, Named, Nothing },
            { "by who registers it: who had it is not told which council", false, true, Unnamed, Named },
            { "by both: who had the child keeps it", true, true, Named, Nothing },
        };

    [Theory]
    [MemberData(nameof(Restrictions))]
    public async Task Restricted(
        string by,
        bool byHolder,
        bool byRegistrant,
        OtherCouncilShown holder,
        OtherCouncilShown registrant
    )
    {
        Assert.NotEmpty(by);
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var (held, registered) = (
            matching.APlan(child) with
            {
                Restricted = byHolder,
            },
            matching.APlan(child, Leeds) with
            {
                Restricted = byRegistrant,
            }
        );
        await matching.PublishAsync(held);
        await matching.SettleAsync();
        await matching.PublishAsync(registered);

        var told = Assert.Single(await SentAsync(matching));
        Assert.Equal(new PlanOfPair(held.PlanId, Hackney, held.Reference), told.Held);
        Assert.Equal(new PlanOfPair(registered.PlanId, Leeds, registered.Reference), told.Registered);
        Assert.Equal((holder, registrant), (told.TellHolder, told.TellRegistrant));
    }

    [Fact]
    public async Task What_a_third_council_has_restricted_is_sent_to_who_registers_by_nobody()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        await matching.PublishAsync(matching.APlan(child, Third) with { Restricted = true });
        await matching.SettleAsync();
        await matching.PublishAsync(matching.APlan(child, Leeds));

        var told = (await SentAsync(matching)).FindAll(pair => pair.Registered.CouncilCode == Leeds);
        Assert.Equal(2, told.Count);
        Assert.All(told, pair => Assert.Equal((Named, Nothing), (pair.TellHolder, pair.TellRegistrant)));
    }

    public static TheoryData<string, int> Cases { get; } =
        new()
        {
            { "the same child with the same number", 1 },
            { "the same child without a number", 1 },
            { "another child whom an amendment turns into this one", 1 },
            { "a plan that ended yesterday, though the child attends today", 1 },
            { "both in one file", 1 },
            { "perhaps the same child: a question is told to nobody", 0 },
            { "another child", 0 },
            { "a child of the same council", 0 },
            { "a child whose plan elsewhere is over", 0 },
            { "a child whose plan elsewhere was deleted", 0 },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_council_registers(string what, int told)
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var stranger = Synthetic.AChild();
        var alike = child with
        {
            Identifier = new PersonIdentifier.Unknown(),
            BirthDate = child.BirthDate!.Value.AddDays(1),
        };
        var yesterday = Today.AddDays(-2);
        var held = matching.APlan(child) with { EndDate = what.Contains("is over") ? yesterday : null };
        if (!what.Contains("one file"))
            await matching.PublishAsync(held);
        await matching.SettleAsync();
        if (what.Contains("deleted"))
            await matching.PublishAsync(new PlanDeleted(held.PlanId, 2, Hackney));
        await matching.SettleAsync();

        var subject = what switch
        {
            _ when what.Contains("without a number") => child with { Identifier = new PersonIdentifier.Unknown() },
            _ when what.Contains("another child") => stranger,
            _ when what.Contains("perhaps") => alike,
            _ => child,
        };
        var plan = matching.APlan(subject, what.Contains("same council") ? Hackney : Leeds);
        if (what.Contains("ended yesterday"))
            plan = plan with { EndDate = yesterday };
        if (what.Contains("one file"))
            await matching.PublishAsync(held, plan);
        else
            await matching.PublishAsync(plan);
        await matching.SettleAsync();
        if (what.Contains("amendment"))
            await matching.PublishAsync(Amended(plan, 2) with { Subject = matching.Sealer.Seal(child) });

        Assert.Equal(told, (await SentAsync(matching)).Count);
    }

    [Fact]
    public async Task Each_pair_of_plans_is_sent_once_whichever_changes_and_a_new_plan_again()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var (held, registered) = (matching.APlan(child), matching.APlan(child, Leeds));
        await matching.PublishAsync(held);
        await matching.SettleAsync();
        await matching.PublishAsync(registered);
        await matching.PublishAsync(registered);
        await matching.SettleAsync();
        await matching.PublishAsync(Amended(registered, 2), Amended(held, 2));
        await matching.SettleAsync();
        Assert.Single(await SentAsync(matching));

        await matching.PublishAsync(new PlanDeleted(registered.PlanId, 3, Leeds));
        await matching.SettleAsync();
        await matching.PublishAsync(matching.APlan(child, Leeds));
        Assert.Equal(2, (await SentAsync(matching)).Count);
    }

    [Fact]
    public async Task A_whole_register_that_another_council_holds_is_sent_child_by_child()
    {
        await using var matching = await StartAsync(servers);
        var children = Enumerable.Range(0, 300).Select(_ => Synthetic.AChild()).ToList();
        var held = children.ConvertAll(child => matching.APlan(child));
        await matching.PublishAsync([.. held]);
        await matching.SettleAsync();
        var registered = children.ConvertAll(child => matching.APlan(child, Leeds));
        await matching.PublishAsync([.. registered]);

        Assert.Equal(
            held.Zip(registered, (one, two) => (one.PlanId, two.PlanId)).Order(),
            (await SentAsync(matching)).Select(pair => (pair.Held.PlanId, pair.Registered.PlanId)).Order()
        );

        var counted = await matching
            .Service.Services.GetServices<IHostedService>()
            .OfType<CountRegistrations>()
            .Single()
            .CountAsync(TestContext.Current.CancellationToken);
        Assert.Equal([(Leeds, 300)], counted.Select(council => (council.Key, council.Value)));
    }

    private const string Third = "E08000003";

    /// <summary>All that was told once nothing more is on its way.</summary>
    private static async Task<List<ChildRegisteredAgain>> SentAsync(MatchingUnderTest matching)
    {
        await matching.SettleAsync();
        await Eventually.UntilAsync(
            () => matching.CountAsync("matching.plan_pair"),
            pairs => matching.RegisteredAgain.All.Count >= pairs
        );
        return [.. matching.RegisteredAgain.All];
    }
}
