using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Encounters_and_plans(HubServers servers)
{
    [Fact]
    public async Task A_child_on_a_plan_is_matched_for_the_council_that_holds_it()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var plan = matching.APlan(child);
        var encounter = matching.AnEncounter(child);

        await matching.Bus.PublishAsync(plan);
        await matching.Bus.PublishAsync(encounter);

        var match = await matching.Matched.One(match => match.EncounterId == encounter.EncounterId);
        Assert.Equal((Hackney, 1L), (match.CouncilCode, match.Version));
        Assert.Equal([new MatchedPlan(plan.PlanId, plan.Reference, PlanKind.ChildProtection, MatchRole.Child)], match.Plans);
        Assert.True(match.Certainty > 0.99);
        Assert.Equal(encounter.Place, match.Place with { Value = encounter.Place.Value });
    }
}
