using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Encounters_and_plans(HubServers servers)
{
    [Fact]
    public async Task A_child_on_plans_of_two_councils_is_matched_for_each_with_its_own_plans_only()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var first = matching.APlan(child);
        var second = matching.APlan(child, kind: PlanKind.LookedAfter);
        var elsewhere = matching.APlan(child, Leeds);
        await matching.PublishAsync(first, second, elsewhere);
        await matching.SettleAsync();

        var encounter = matching.AnEncounter(child);
        var somebodyElse = matching.AnEncounter(Synthetic.AChild());
        await matching.PublishAsync(encounter, somebodyElse);
        await matching.SettleAsync();

        var hackney = matching.Notified(encounter)!.Match!;
        var own = new[] { first, second }.OrderBy(plan => plan.Reference, StringComparer.Ordinal);
        Assert.Equal(
            own.Select(plan => new MatchedPlan(plan.PlanId, plan.Reference, plan.Kind, MatchRole.Child)),
            hackney.Plans
        );
        Assert.Equal((1L, false, EncounterStatus.Arrived), (hackney.Version, hackney.Late, hackney.Status));
        Assert.True(hackney.Certainty > 0.99);
        Assert.Equal(MatchDecider.Rules, hackney.DecidedBy);
        Assert.EndsWith("likely to be the same child. 99.9 % is needed to alert by itself.", hackney.Why![0]);
        Assert.Contains("Given name: the same", string.Concat(hackney.Why), StringComparison.Ordinal);
        Assert.Equal("RQXM1", matching.Sealer.Open(hackney.Place).SiteOds);
        Assert.Equal(elsewhere.PlanId, Assert.Single(matching.Notified(encounter, Leeds)!.Match!.Plans).PlanId);
        Assert.Equal(2, matching.Matched.All.Count);
        Assert.Equal(DecisionOutcome.NoMatch, Assert.Single(await matching.LedgerAsync(somebodyElse)).Outcome);
    }

    [Fact]
    public async Task A_new_status_is_sent_as_a_new_version_and_repeats_change_nothing()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var plan = matching.APlan(child);
        var arrived = matching.AnEncounter(child);
        var finished = arrived with { Version = 2, Status = EncounterStatus.Finished, EndedAt = Now };

        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(arrived);
        await matching.SettleAsync();
        await matching.PublishAsync(finished);
        await matching.SettleAsync();
        var ledger = await matching.LedgerAsync(arrived);
        // New events, old news: as after an inbox that has forgotten them.
        await matching.PublishAsync(arrived, finished);
        await matching.PublishAsync(plan);
        await matching.SettleAsync();

        Assert.Equal([1L, 2L], matching.Matched.All.Select(match => match.Version));
        Assert.Equal(EncounterStatus.Finished, matching.Notified(arrived)!.Match!.Status);
        Assert.Equal([1L, 2L], ledger.Select(entry => entry.EncounterVersion));
        Assert.Equal(ledger.Count, (await matching.LedgerAsync(arrived)).Count);
    }

    [Theory]
    [InlineData(EncounterStatus.Cancelled, true, WithdrawalReason.EncounterCancelled)]
    [InlineData(EncounterStatus.EnteredInError, true, WithdrawalReason.EncounterEnteredInError)]
    [InlineData(EncounterStatus.Arrived, false, WithdrawalReason.EncounterScheduled)]
    public async Task A_match_is_withdrawn_with_its_encounter_and_comes_back_when_it_was_one_after_all(
        EncounterStatus status,
        bool unscheduled,
        WithdrawalReason reason
    )
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        await matching.PublishAsync(encounter with { Version = 2, Status = status, Unscheduled = unscheduled });
        await matching.SettleAsync();
        Assert.Equal(new LastNotified(2, null, reason), matching.Notified(encounter));

        await matching.PublishAsync(encounter with { Version = 3 });
        await matching.SettleAsync();
        Assert.Equal(3, matching.Notified(encounter)!.Match!.Version);
    }

    [Fact]
    public async Task Planned_care_raises_nothing_and_a_plan_that_comes_later_changes_nothing()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var encounter = matching.AnEncounter(child) with { Unscheduled = false };

        await matching.PublishAsync(encounter);
        await matching.SettleAsync();
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();

        Assert.Empty(matching.Notified());
        Assert.Equal(DecisionOutcome.Scheduled, Assert.Single(await matching.LedgerAsync(encounter)).Outcome);
    }

    [Fact]
    public async Task Corrected_traits_withdraw_the_match_of_the_wrong_child_and_find_the_right_one()
    {
        await using var matching = await StartAsync(servers);
        var (wrong, right) = (Synthetic.AChild(), Synthetic.AChild());
        var encounter = matching.AnEncounter(wrong);
        await matching.PublishAsync(matching.APlan(wrong), matching.APlan(right, Leeds));
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        await matching.PublishAsync(encounter with { Version = 2, Patient = matching.Sealer.Seal(right) });
        await matching.SettleAsync();

        Assert.Equal(new LastNotified(2, null, WithdrawalReason.NoLongerMatches), matching.Notified(encounter));
        Assert.NotNull(matching.Notified(encounter, Leeds)!.Match);
    }

    [Fact]
    public async Task The_mother_of_an_unborn_child_is_matched_as_the_mother()
    {
        await using var matching = await StartAsync(servers);
        var mother = Synthetic.AWoman();
        var plan = matching.APlan(mother, kind: PlanKind.Unborn);
        var encounter = matching.AnEncounter(mother);

        await matching.PublishAsync(encounter);
        await matching.PublishAsync(plan);
        await matching.SettleAsync();

        Assert.Equal(
            new MatchedPlan(plan.PlanId, plan.Reference, PlanKind.Unborn, MatchRole.MotherOfUnborn),
            Assert.Single(matching.Notified(encounter)!.Match!.Plans)
        );
    }

    [Fact]
    public async Task A_batch_of_hundreds_costs_no_more_statements_than_one()
    {
        await using var matching = await StartAsync(servers);
        var children = Enumerable.Range(0, 150).Select(_ => Synthetic.AChild()).ToList();
        await matching.PublishAsync([.. children.Select(child => matching.APlan(child))]);
        await matching.SettleAsync();

        await matching.PublishAsync([.. children.Select(child => matching.AnEncounter(child))]);
        await matching.SettleAsync();

        Assert.Equal(150, matching.Matched.All.DistinctBy(match => match.EncounterId).Count());
        var transactions = await matching.Service.Db(db =>
            db.Database.SqlQuery<int>($"SELECT count(DISTINCT decided_at)::int AS \"Value\" FROM matching.decision")
                .SingleAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(1, transactions);
    }
}
