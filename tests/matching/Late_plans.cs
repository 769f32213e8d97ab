using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Lookup;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

public sealed class Late_plans(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_that_comes_after_the_encounter_is_matched_then_and_marked_late()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        var match = matching.Notified(encounter)!.Match!;
        Assert.True(match.Late);
        Assert.Equal(encounter.ReceivedAt, match.ReceivedAt, TimeSpan.FromMilliseconds(1));

        // Whoever was told in time is not told late because of a second plan.
        var other = matching.AnEncounter(child);
        await matching.PublishAsync(other);
        await matching.SettleAsync();
        await matching.PublishAsync(matching.APlan(child));
        await matching.SettleAsync();
        Assert.False(matching.Notified(other)!.Match!.Late);
        Assert.Equal(2, matching.Notified(other)!.Match!.Plans.Count);
    }

    [Fact]
    public async Task A_deleted_plan_drops_out_of_its_match_and_the_last_one_ends_it()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var (wrong, right) = (matching.APlan(child), matching.APlan(child));
        var encounter = matching.AnEncounter(child);
        await matching.PublishAsync(wrong, right);
        await matching.SettleAsync();
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        await matching.PublishAsync(new PlanDeleted(wrong.PlanId, 2, Hackney));
        await matching.SettleAsync();
        Assert.Equal(2, matching.Notified(encounter)!.Version);
        Assert.Equal(right.PlanId, Assert.Single(matching.Notified(encounter)!.Match!.Plans).PlanId);

        await matching.PublishAsync(new PlanDeleted(right.PlanId, 2, Hackney));
        await matching.SettleAsync();
        Assert.Equal(new LastNotified(3, null, WithdrawalReason.PlanDeleted), matching.Notified(encounter));
        Assert.Equal(0, await matching.CountAsync("matching.plan WHERE subject IS NOT NULL"));
        Assert.Equal(0, await matching.CountAsync("matching.plan_key"));
    }

    [Fact]
    public async Task An_ended_plan_raises_nothing_for_later_encounters_and_keeps_what_it_raised_before()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var plan = matching.APlan(child);
        var (before, after) = (
            matching.AnEncounter(child) with
            {
                StartedAt = Now.AddDays(-2),
            },
            matching.AnEncounter(child)
        );
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(before);
        await matching.SettleAsync();

        await matching.PublishAsync(new PlanEnded(plan.PlanId, 2, Hackney, Today.AddDays(-1)));
        await matching.SettleAsync();
        await matching.PublishAsync(after);
        await matching.SettleAsync();

        Assert.Equal(1, matching.Notified(before)!.Version);
        Assert.NotNull(matching.Notified(before)!.Match);
        Assert.Null(matching.Notified(after));
        Assert.Equal("NotInForce", Assert.Single(await matching.LedgerAsync(after)).Outcome.ToString());
    }

    [Fact]
    public async Task A_plan_that_starts_after_the_day_of_the_encounter_does_not_match_it()
    {
        await using var matching = await StartAsync(servers);
        var child = Synthetic.AChild();
        var encounter = matching.AnEncounter(child) with { StartedAt = Now.AddDays(-1) };
        await matching.PublishAsync(encounter);
        await matching.SettleAsync();

        await matching.PublishAsync(matching.APlan(child) with { StartDate = Today });
        await matching.SettleAsync();

        Assert.Null(matching.Notified(encounter));
    }

    [Fact]
    public async Task Amended_traits_withdraw_what_no_longer_matches()
    {
        await using var matching = await StartAsync(servers);
        var (child, other) = (Synthetic.AChild(), Synthetic.AChild());
        var plan = matching.APlan(child);
        var (encounter, others) = (matching.AnEncounter(child), matching.AnEncounter(other));
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(encounter, others);
        await matching.SettleAsync();

        await matching.PublishAsync(Amended(plan with { Subject = matching.Sealer.Seal(other) }, 2));
        await matching.SettleAsync();

        Assert.Equal(new LastNotified(2, null, WithdrawalReason.NoLongerMatches), matching.Notified(encounter));
        Assert.Equal(plan.PlanId, Assert.Single(matching.Notified(others)!.Match!.Plans).PlanId);
    }

    [Fact]
    public async Task When_the_window_is_over_the_unmatched_are_gone_and_the_matched_can_still_be_withdrawn()
    {
        var clock = new FakeTimeProvider(Now);
        await using var matching = await StartAsync(
            servers,
            new Dictionary<string, string?> { ["Retention:UnmatchedDays"] = "2" },
            clock
        );
        var (child, nobody) = (Synthetic.AChild(), Synthetic.AChild());
        var plan = matching.APlan(child);
        var (matched, unmatched) = (matching.AnEncounter(child), matching.AnEncounter(nobody));
        await matching.PublishAsync(plan);
        await matching.SettleAsync();
        await matching.PublishAsync(matched, unmatched);
        await matching.SettleAsync();
        Assert.Equal(2, await matching.CountAsync("matching.encounter_fact"));

        for (var hour = 0; hour < 73; hour++)
            clock.Advance(TimeSpan.FromHours(1));
        await Eventually.UntilAsync(() => matching.CountAsync("matching.encounter_fact"), count => count == 0);
        await Eventually.UntilAsync(
            () => Task.FromResult(matching.Service.Services.GetRequiredService<EncounterKeys>().Rows),
            rows => rows == 0
        );
        Assert.Empty(await matching.LedgerAsync(unmatched));

        await matching.PublishAsync(matching.APlan(nobody));
        await matching.PublishAsync(unmatched, matched);
        await matching.SettleAsync();
        Assert.Null(matching.Notified(unmatched));
        Assert.Equal(1, matching.Notified(matched)!.Version);

        await matching.PublishAsync(new PlanDeleted(plan.PlanId, 2, Hackney));
        await matching.SettleAsync();
        Assert.Equal(new LastNotified(2, null, WithdrawalReason.PlanDeleted), matching.Notified(matched));

        // A version that comes after the window brings the traits again.
        await matching.PublishAsync(unmatched with { Version = 2, Status = EncounterStatus.Finished });
        await matching.SettleAsync();
        Assert.Equal(EncounterStatus.Finished, matching.Notified(unmatched)!.Match!.Status);
    }
}
