using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Names;
using Safeguarding.Matching.NhsNumberChanges;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Shadow;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging;

namespace Safeguarding.Matching.Plans;

/// <summary>
/// Records plans as they change, and decides again the encounters that a change concerns: matched late, amended
/// or withdrawn.
/// </summary>
public sealed class RecordPlanConsumer(
    MatchingDb db,
    Sealer sealer,
    BlockMacs macs,
    EncounterKeys encounters,
    ApplyNhsNumberChange numbers,
    DecideEncounters decide,
    FindRegisteredAgain registeredAgain,
    CountRegisterNames names,
    Parameters parameters,
    ShadowRules shadow
) : IConsumer<PlanRegistered>, IConsumer<PlanAmended>, IConsumer<PlanEnded>, IConsumer<PlanDeleted>
{
    /// <inheritdoc/>
    public Task Consume(IReadOnlyList<Received<PlanRegistered>> batch, CancellationToken cancellationToken) =>
        RecordAsync(
            batch.Select(received =>
            {
                var plan = received.Event;
                var facts = new PlanFacts(
                    plan.Reference,
                    plan.Kind,
                    plan.StartDate,
                    plan.ExpectedDate,
                    received.PublishedAt.ToUniversalTime(),
                    plan.Restricted,
                    sealer.Keep(plan.Subject)
                );
                return PlanUpdate.Whole(
                    plan.PlanId,
                    plan.Version,
                    plan.CouncilCode,
                    plan.EndDate,
                    facts,
                    received.Trace
                );
            }),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task Consume(IReadOnlyList<Received<PlanAmended>> batch, CancellationToken cancellationToken) =>
        RecordAsync(
            batch.Select(received =>
            {
                var plan = received.Event;
                var facts = new PlanFacts(
                    plan.Reference,
                    plan.Kind,
                    plan.StartDate,
                    plan.ExpectedDate,
                    received.PublishedAt.ToUniversalTime(),
                    plan.Restricted,
                    sealer.Keep(plan.Subject)
                );
                return PlanUpdate.Whole(
                    plan.PlanId,
                    plan.Version,
                    plan.CouncilCode,
                    plan.EndDate,
                    facts,
                    received.Trace
                );
            }),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task Consume(IReadOnlyList<Received<PlanEnded>> batch, CancellationToken cancellationToken) =>
        RecordAsync(
            batch.Select(received => new PlanUpdate(received.Event.PlanId, received.Event.CouncilCode, received.Trace)
            {
                EndVersion = received.Event.Version,
                EndDate = received.Event.EndDate,
            }),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task Consume(IReadOnlyList<Received<PlanDeleted>> batch, CancellationToken cancellationToken) =>
        RecordAsync(
            batch.Select(received => new PlanUpdate(received.Event.PlanId, received.Event.CouncilCode, received.Trace)
            {
                DeletedVersion = received.Event.Version,
                Deleted = true,
            }),
            cancellationToken
        );

    private async Task RecordAsync(IEnumerable<PlanUpdate> batch, CancellationToken cancellationToken)
    {
        // Before the keys are made: where the ring is read again between, the row names the earlier key and is keyed
        // again.
        var macKey = macs.KeyId;
        // Opened and keyed before anything is locked.
        var news = batch
            .GroupBy(plan => plan.PlanId)
            .Select(plans => plans.Aggregate((first, second) => first.With(second)))
            .Select(plan =>
            {
                var subject = plan.Facts is null ? null : Person.From(sealer.Open(plan.Facts.Subject));
                return new KeyedUpdate(plan, subject, subject is null ? default : macs.ForStoring(subject));
            })
            .ToList();
        var (affected, refreshed) = await db.RecordAsync(news, macKey, encounters, sealer, macs, cancellationToken);
        await registeredAgain.PublishAsync(refreshed, cancellationToken);
        var restricted = news.FindAll(keyed => keyed.News.Facts is { Restricted: true })
            .ConvertAll(keyed => keyed.News);
        if (restricted.Count > 0)
        {
            var trace = restricted[0].Trace;
            foreach (
                var encounter in await numbers.HoldBackAsync(
                    [.. restricted.Select(plan => plan.PlanId)],
                    trace,
                    cancellationToken
                )
            )
            {
                affected.TryAdd(encounter, new(trace));
                affected[encounter].Decided = true;
            }
        }

        if (affected.Count == 0)
            return;

        var candidates = news.Where(keyed => keyed.Subject is not null)
            .ToDictionary(
                keyed => keyed.News.PlanId,
                keyed => new Candidate(
                    keyed.News.PlanId,
                    keyed.News.CouncilCode,
                    StoredPlan.RoleOf(keyed.News.Facts!.Kind),
                    keyed.Subject!,
                    keyed.News.Facts.ExpectedDate
                )
                {
                    Kind = keyed.News.Facts.Kind,
                    RegisterNames = names.Get(keyed.News.CouncilCode),
                }
            );
        var questions = new List<Question>();
        foreach (var encounter in await db.LockAsync([.. affected.Keys], cancellationToken))
        {
            var concern = affected[encounter.Id];
            var patient = Patient.PersonOf(encounter, sealer);
            if (
                !concern.Decided
                && patient is not null
                && concern.Plans.All(plan => IsFarOff(encounter.Id, patient, candidates.GetValueOrDefault(plan)))
            )
            {
                continue;
            }

            questions.Add(
                new Question(
                    encounter,
                    patient is null ? null : Patient.Of(patient, macs),
                    concern.Trace,
                    NewVersion: false
                )
            );
        }

        if (questions.Count > 0)
            await decide.DecideAsync(questions, Search.Table, cancellationToken);
    }

    // Most that share a key share no more than a birthday or an outcode. Who is far off when there is no rival at all
    // moves nobody else by more than that either, so the full decision is left as it stands.
    private bool IsFarOff(Guid encounter, Person patient, Candidate? candidate) =>
        candidate is not null
        && IsFarOff(Decide.From(patient, [candidate], parameters))
        && (shadow.Decide(encounter, patient, [candidate]) is not { } other || IsFarOff(other));

    private static bool IsFarOff(Decision alone) =>
        alone.Persons.All(person =>
            person.Outcome is MatchOutcome.NoMatch { Evidence.Posterior: < ConcludeEncounter.EvidenceFloor }
        );
}
