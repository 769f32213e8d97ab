using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Plans;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

/// <summary>Who a plan was about is erased a year after its end, and what comes late does not bring it back.</summary>
public sealed class Plans_that_are_over(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_the_child_stays_a_year_after_the_end_and_running_plans_are_untouched()
    {
        var clock = new FakeTimeProvider(Now);
        await using var matching = await StartAsync(servers, clock: clock);
        var end = Today.AddMonths(-12).AddDays(2);
        var child = Synthetic.AChild();
        var (over, runs) = (matching.APlan(child) with { EndDate = end }, matching.APlan(Synthetic.AChild()));
        var endedBySign = matching.APlan(Synthetic.AChild()) with { StartDate = end.AddDays(-30) };
        await matching.PublishAsync(over, runs, endedBySign);
        await matching.SettleAsync();
        await matching.PublishAsync(new PlanEnded(endedBySign.PlanId, 2, Hackney, end));
        await matching.SettleAsync();
        var purge = matching.Service.Services.GetServices<IHostedService>().OfType<PurgePlans>().Single();

        await purge.RunAsync(Cancelled);
        Assert.Equal(3, await matching.CountAsync("matching.plan WHERE subject IS NOT NULL"));

        clock.Advance(TimeSpan.FromDays(5));
        await purge.RunAsync(Cancelled);
        Assert.Equal([runs.PlanId], await WithTracesAsync(matching, over, runs, endedBySign));

        // The version stays: what is older than the end is known as old.
        await matching.PublishAsync(over);
        await matching.SettleAsync();
        Assert.Equal([runs.PlanId], await WithTracesAsync(matching, over, runs, endedBySign));
    }

    private static async Task<List<Guid>> WithTracesAsync(MatchingUnderTest matching, params PlanRegistered[] plans)
    {
        var found = new List<Guid>();
        foreach (var id in plans.Select(plan => plan.PlanId))
        {
            var traces =
                await matching.CountAsync(
                    $"matching.plan WHERE plan_id = '{id}' AND num_nonnulls(subject, subject_key, keys, aliases) > 0"
                ) + await matching.CountAsync($"matching.plan_key WHERE plan_id = '{id}'");
            if (traces > 0)
                found.Add(id);
        }

        return found;
    }
}
