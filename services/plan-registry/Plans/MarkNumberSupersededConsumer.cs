using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>
/// Marks plans whose NHS number was superseded, so that their council is notified where it looks and where it
/// uploads; unmarks them where it was not after all.
/// </summary>
public sealed class MarkNumberSupersededConsumer(PlanRegistryDb db, Sealer sealer) : IConsumer<NumberChanged>
{
    /// <inheritdoc/>
    public async Task Consume(IReadOnlyList<Received<NumberChanged>> batch, CancellationToken cancellationToken)
    {
        var ids = batch.Select(received => received.Event.PlanId).ToHashSet();
        var plans = await db
            .Plans.Where(plan => ids.Contains(plan.Id) && plan.DeletedAt == null)
            .ToDictionaryAsync(plan => plan.Id, cancellationToken);
        foreach (var changed in batch.Select(received => received.Event))
        {
            // A council that has sent another number meanwhile has nothing left to correct.
            if (
                plans.TryGetValue(changed.PlanId, out var plan)
                && plan.NhsNumberMac is { } held
                && sealer.Open(changed.Superseded).NhsNumber is { } superseded
                && sealer
                    .MacsForSearch(SealedFacts.Purpose.NhsNumber, superseded.Reveal())
                    .Any(mac => mac.AsSpan().SequenceEqual(held))
            )
            {
                Mark(plan, changed);
            }
        }
    }

    private static void Mark(Plan plan, NumberChanged changed)
    {
        var isKnown = plan.NumberChangeId == changed.ChangeId;
        // One change taken back says nothing of another that stands.
        if (isKnown ? changed.Version <= plan.NumberChangeVersion : changed.Undone && plan.NumberChangeId is not null)
            return;
        (plan.NumberChangeId, plan.NumberChangeVersion) = (changed.ChangeId, changed.Version);
        plan.NumberSupersededAt = changed.Undone ? null : changed.ChangedAt;
    }
}
