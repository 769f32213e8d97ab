using MassTransit;

namespace Safeguarding.Bench.Baseline.Plain;

public sealed class MatchEncounterConsumer(PlainDb db, Counts counts) : IConsumer<EncounterTaken>
{
    public async Task Consume(ConsumeContext<EncounterTaken> context)
    {
        var taken = context.Message;
        foreach (var plan in await db.PlansOfAsync(taken, context.CancellationToken))
        {
            await context.Publish(PlanFound.Of(taken, plan), context.CancellationToken);
            counts.OnePublished();
        }

        counts.OneHandled();
    }
}
