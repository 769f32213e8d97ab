using MassTransit;

namespace Safeguarding.Bench.Baseline.Plain;

public sealed class SendWebhookConsumer(PlainDb db, Webhook webhook, Counts counts, TimeProvider clock)
    : IConsumer<PlanFound>
{
    public async Task Consume(ConsumeContext<PlanFound> context)
    {
        var found = context.Message;
        var now = clock.GetUtcNow();
        var status = await webhook.SendAsync(found.EncounterId, Webhook.BodyOf(found), now, context.CancellationToken);
        if ((int)status is < 200 or > 299)
            throw new HttpRequestException(HttpRequestError.Unknown, statusCode: status);

        db.Add(
            new Delivery
            {
                Id = Guid.CreateVersion7(),
                EncounterId = found.EncounterId,
                Council = found.Council,
                Status = (int)status,
                SentAt = now,
            }
        );
        await db.SaveChangesAsync(context.CancellationToken);
        counts.OneHandled();
    }
}
