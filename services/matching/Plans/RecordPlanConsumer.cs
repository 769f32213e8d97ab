using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Messaging;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Plans;

/// <summary>Records plans as they change, and decides anew the encounters that a change concerns: matched late, amended or withdrawn.</summary>
public sealed class RecordPlanConsumer(MatchingDb db, Sealer sealer, BlockMacs macs, DecideEncounters decide)
    : IConsumer<PlanRegistered>, IConsumer<PlanAmended>, IConsumer<PlanEnded>, IConsumer<PlanDeleted>
{
    /// <inheritdoc/>
    public Task Consume(IReadOnlyList<Received<PlanRegistered>> batch, CancellationToken cancellationToken) =>
        RecordAsync(
            batch.Select(received =>
            {
                var plan = received.Event;
                var facts = new PlanFacts(
                    plan.Reference, plan.Kind, plan.StartDate, plan.ExpectedDate, received.PublishedAt.ToUniversalTime(), plan.Subject);
                return PlanNews.Whole(plan.PlanId, plan.Version, plan.CouncilCode, plan.EndDate, facts, received.Trace);
            }), cancellationToken);

    /// <inheritdoc/>
    public Task Consume(IReadOnlyList<Received<PlanAmended>> batch, CancellationToken cancellationToken) =>
        RecordAsync(
            batch.Select(received =>
            {
                var plan = received.Event;
                var facts = new PlanFacts(
                    plan.Reference, plan.Kind, plan.StartDate, plan.ExpectedDate, received.PublishedAt.ToUniversalTime(), plan.Subject);
                return PlanNews.Whole(plan.PlanId, plan.Version, plan.CouncilCode, plan.EndDate, facts, received.Trace);
            }), cancellationToken);

    /// <inheritdoc/>
    public Task Consume(IReadOnlyList<Received<PlanEnded>> batch, CancellationToken cancellationToken) =>
        RecordAsync(
            batch.Select(received => new PlanNews(received.Event.PlanId, received.Event.CouncilCode, received.Trace)
            {
                EndVersion = received.Event.Version,
                EndDate = received.Event.EndDate,
            }), cancellationToken);

    /// <inheritdoc/>
    public Task Consume(IReadOnlyList<Received<PlanDeleted>> batch, CancellationToken cancellationToken) =>
        RecordAsync(
            batch.Select(received => new PlanNews(received.Event.PlanId, received.Event.CouncilCode, received.Trace)
            {
                DeletedVersion = received.Event.Version,
                Deleted = true,
            }), cancellationToken);

    private async Task RecordAsync(IEnumerable<PlanNews> batch, CancellationToken cancellationToken)
    {
        // Opened and keyed before anything is locked.
        var news = batch
            .GroupBy(plan => plan.PlanId)
            .Select(plans => plans.Aggregate((first, second) => first.With(second)))
            .Select(plan => new KeyedNews(plan, plan.Facts is null ? [] : macs.ForStoring(Rules.Person.From(sealer.Open(plan.Facts.Subject)))))
            .ToList();
        var affected = await db.RecordAsync(news, macs.KeyId, cancellationToken);
        if (affected.Count == 0)
            return;

        var encounters = await db.LockAsync([.. affected.Keys], cancellationToken);
        await decide.DecideAsync(
            encounters.ConvertAll(encounter =>
                new Question(encounter, Patient.Of(encounter, sealer, macs), affected[encounter.Id], NewVersion: false)),
            cancellationToken);
    }
}
