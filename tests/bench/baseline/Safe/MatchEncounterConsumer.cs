using MassTransit;

namespace Safeguarding.Bench.Baseline.Safe;

public sealed class MatchEncounterConsumer(SafeDb db, Counts counts, TimeProvider clock) : IConsumer<EncounterTaken>
{
    public async Task Consume(ConsumeContext<EncounterTaken> context)
    {
        var taken = context.Message;
        var now = clock.GetUtcNow();
        var plans = await db.PlansOfAsync(taken, context.CancellationToken);
        db.Add(
            new InboxMessage
            {
                Consumer = nameof(MatchEncounterConsumer),
                MessageId = context.MessageId!.Value,
                TakenAt = now,
            }
        );
        db.Add(
            new Decision
            {
                EncounterId = taken.EncounterId,
                Plans = plans.ConvertAll(plan => plan.Reference),
                DecidedAt = now,
            }
        );
        db.AddRange(plans.Select(plan => OutboxMessage.Of("match", PlanFound.Of(taken, plan))));
        if (!await db.TrySaveOnceAsync(context.CancellationToken))
            return;
        foreach (var _ in plans)
            counts.OnePublished();
        counts.OneHandled();
    }
}
