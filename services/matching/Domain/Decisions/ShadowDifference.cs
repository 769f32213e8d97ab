using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>
/// A council about which the shadow rules decide differently. Ids, outcomes and figures; no trait of
/// anybody.
/// </summary>
internal sealed class ShadowDifference
{
    /// <summary>The day with which it is forgotten.</summary>
    public required DateOnly Day { get; init; }

    public required Guid DifferenceId { get; init; }

    public required Guid EncounterId { get; init; }

    public required string CouncilCode { get; init; }

    /// <summary>The council's plans that either would name or ask about.</summary>
    public required Guid[] PlanIds { get; init; }

    /// <summary>What was decided: Matched, NeedsReview or NoMatch.</summary>
    public required DecisionOutcome Live { get; init; }

    /// <summary>What the shadow rules would have.</summary>
    public required DecisionOutcome Shadow { get; init; }

    /// <summary>Of the likeliest person with a plan of the council.</summary>
    public required double LivePosterior { get; init; }

    public required double ShadowPosterior { get; init; }

    public required string LiveVersion { get; init; }

    public required string ShadowVersion { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>
    /// The councils that would be notified of or asked something else. Pure; what a person decided holds for
    /// both.
    /// </summary>
    public static List<ShadowDifference> Between(
        Decision live,
        Decision shadow,
        Encounter encounter,
        IReadOnlyDictionary<Guid, StoredPlan> plans,
        IReadOnlyCollection<Verdict> verdicts,
        DateTimeOffset now
    )
    {
        var (ours, theirs) = (
            CouncilPart.ByCouncil(encounter, live, plans, verdicts),
            CouncilPart.ByCouncil(encounter, shadow, plans, verdicts)
        );
        return
        [
            .. ours
                .Keys.Union(theirs.Keys)
                .Order(StringComparer.Ordinal)
                .Select(council =>
                    (Council: council, Ours: ours.GetValueOrDefault(council), Theirs: theirs.GetValueOrDefault(council))
                )
                .Where(parts => OutcomeOf(parts.Ours) != OutcomeOf(parts.Theirs))
                .Select(parts => new ShadowDifference
                {
                    Day = DateOnly.FromDateTime(now.UtcDateTime),
                    DifferenceId = Guid.CreateVersion7(now),
                    EncounterId = encounter.Id,
                    CouncilCode = parts.Council,
                    PlanIds = [.. NamedBy(parts.Ours).Union(NamedBy(parts.Theirs)).Order()],
                    Live = OutcomeOf(parts.Ours),
                    Shadow = OutcomeOf(parts.Theirs),
                    LivePosterior = PosteriorOf(live, parts.Council),
                    ShadowPosterior = PosteriorOf(shadow, parts.Council),
                    LiveVersion = live.RuleVersion,
                    ShadowVersion = shadow.RuleVersion,
                    DecidedAt = now,
                }),
        ];
    }

    // A plan that was not in force on the day concerns neither version.
    private static DecisionOutcome OutcomeOf(CouncilPart? part) =>
        part?.Outcome is DecisionOutcome.Matched or DecisionOutcome.NeedsReview
            ? part.Outcome
            : DecisionOutcome.NoMatch;

    private static IEnumerable<Guid> NamedBy(CouncilPart? part) =>
        part is null ? [] : part.Plans.Select(plan => plan.PlanId).Concat(part.InQuestion);

    private static double PosteriorOf(Decision decision, string council) =>
        decision
            .Persons.Where(person => person.Plans.Any(plan => plan.CouncilCode == council))
            .Select(person => person.Outcome.Evidence.Posterior)
            .DefaultIfEmpty(0)
            .Max();
}
