using MassTransit;

namespace Safeguarding.Bench.Baseline.Safe;

public sealed class QueueWebhookConsumer(SafeDb db, TimeProvider clock) : IConsumer<PlanFound>
{
    public async Task Consume(ConsumeContext<PlanFound> context)
    {
        var now = clock.GetUtcNow();
        db.Add(
            new InboxMessage
            {
                Consumer = nameof(QueueWebhookConsumer),
                MessageId = context.MessageId!.Value,
                TakenAt = now,
            }
        );
        db.Add(
            new OutgoingWebhook
            {
                Id = Guid.CreateVersion7(),
                EncounterId = context.Message.EncounterId,
                Council = context.Message.Council,
                Body = Webhook.BodyOf(context.Message),
                NextAttemptAt = now,
            }
        );
        await db.TrySaveOnceAsync(context.CancellationToken);
    }
}
