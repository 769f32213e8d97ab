using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging;

namespace Safeguarding.Matching.Encounters;

/// <summary>Matches encounters with the plans known, and keeps them findable for plans that come late.</summary>
public sealed class MatchEncountersConsumer(
    MatchingDb db,
    Sealer sealer,
    BlockMacs macs,
    DailyPartitions partitions,
    DecideEncounters decide,
    TimeProvider clock
) : IConsumer<EncounterReceived>
{
    /// <inheritdoc/>
    public async Task Consume(IReadOnlyList<Received<EncounterReceived>> batch, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await partitions.EnsureAsync(today, cancellationToken);

        // Opened and keyed before anything is locked.
        var questions = batch
            .GroupBy(received => received.Event.EncounterId)
            .Select(versions => versions.MaxBy(received => received.Event.Version)!)
            .Select(received =>
            {
                var encounter = Encounter.From(received.Event, sealer);
                return new Question(encounter, Patient.Of(encounter, sealer, macs), received.Trace, NewVersion: true);
            })
            .ToList();
        var newest = await db.TakeAsync(questions, today, cancellationToken);
        if (newest.Count > 0)
            await decide.DecideAsync(newest, Search.Index, cancellationToken);
    }
}
