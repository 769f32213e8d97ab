using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Safeguarding.Bench.Baseline;

public sealed class MatchEncounterConsumer(PeerDb db, Counts counts) : IConsumer<EncounterTaken>
{
    public async Task Consume(ConsumeContext<EncounterTaken> context)
    {
        var taken = context.Message;
        var plans = await db
            .Plans.AsNoTracking()
            .Where(plan => plan.NhsNumber == taken.NhsNumber)
            .ToListAsync(context.CancellationToken);
        foreach (var plan in plans)
        {
            await context.Publish(
                new PlanFound(taken.EncounterId, plan.Reference, plan.Council, taken.ReceivedAt),
                context.CancellationToken
            );
            counts.OnePublished();
        }

        counts.OneHandled();
    }
}
