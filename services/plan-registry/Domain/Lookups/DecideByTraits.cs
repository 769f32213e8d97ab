using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Domain.Lookups;

/// <summary>A plan with whom it is about, opened: in memory only, for as long as a look-up takes.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Number">The NHS number on it; null where there is none that can be somebody's.</param>
/// <param name="Candidate">Made ready for comparison.</param>
internal sealed record OpenedPlan(Plan Plan, NhsNumber? Number, Candidate Candidate)
{
    public static OpenedPlan Of(Plan plan, PersonTraits subject)
    {
        var role = plan.Kind is PlanKind.Unborn ? MatchRole.MotherOfUnborn : MatchRole.Child;
        return new OpenedPlan(
            plan,
            subject.Identifier.NhsNumber is { IsNobodys: false } number ? number : null,
            new Candidate(plan.Id, plan.CouncilCode, role, Person.From(subject), plan.ExpectedDate) { Kind = plan.Kind }
        );
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(OpenedPlan);
}

/// <summary>
/// Decides whose plans are shown to somebody who looks a child up by traits: by the rules of matching. Pure.
/// </summary>
internal static class DecideByTraits
{
    /// <summary>
    /// The plans that may be the child's, each with whether that is certain. Those of restricted children have no part
    /// in it, not even as rivals: what is answered must not hang on them.
    /// </summary>
    public static IReadOnlyList<(OpenedPlan Plan, bool IsCertain)> From(
        PersonTraits traits,
        DateOnly today,
        IEnumerable<OpenedPlan> found,
        Parameters parameters
    )
    {
        var open = found.Where(plan => !plan.Plan.Restricted).ToDictionary(plan => plan.Plan.Id);
        var patient = Person.From(traits) with { SeenOn = today };
        return
        [
            .. from person in Decide.From(patient, Candidates(open.Values), parameters).Persons
            where person.Outcome is not MatchOutcome.NoMatch
            from plan in person.Plans
            select (open[plan.PlanId], person.Outcome is MatchOutcome.Matched),
        ];
    }

    /// <summary>
    /// Whether a plan may be of a child whom another council has restricted. A question is enough, since it may be the
    /// child; but a brother or sister is known by the given name, and a twin by the order of birth.
    /// </summary>
    public static bool MayBeRestricted(
        OpenedPlan plan,
        IReadOnlyCollection<OpenedPlan> restricted,
        Parameters parameters
    ) =>
        restricted.Count > 0
        && (
            restricted.Any(other => plan.Number is { } number && other.Number == number)
            || Decide
                .From(plan.Candidate.Person, Candidates(restricted), parameters)
                .Persons.Any(person =>
                    person.Outcome is MatchOutcome.Matched
                    || (
                        person.Outcome is MatchOutcome.NeedsReview { Reasons: var reasons }
                        && !reasons.Contains(ReviewReason.GivenNameDiffers)
                        && !reasons.Contains(ReviewReason.BirthOrderDiffers)
                    )
                )
        );

    private static List<Candidate> Candidates(IEnumerable<OpenedPlan> plans) =>
        [.. plans.Select(plan => plan.Candidate)];
}
