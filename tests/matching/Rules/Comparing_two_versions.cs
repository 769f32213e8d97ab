using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Tests.Rules;

public sealed class Comparing_two_versions
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);
    private static readonly Parameters Cautious = Parameters.Default with
    {
        Version = "cautious",
        Costs = Parameters.Default.Costs with { WrongAlert = 1e15 },
    };

    private readonly Candidate _leeds = A_child.OnAPlan(A_child.Traits);
    private readonly Candidate _hackney = A_child.OnAPlan(A_child.Traits, "E09000012");

    [Fact]
    public void Each_council_that_would_be_notified_of_something_else_is_a_difference_with_its_own_plans()
    {
        var differences = Between(Cautious);

        Assert.Equal(["E08000035", "E09000012"], differences.Select(difference => difference.CouncilCode));
        Assert.Equal(
            [_leeds.PlanId, _hackney.PlanId],
            differences.Select(difference => Assert.Single(difference.PlanIds))
        );
        Assert.All(differences, difference =>
            Assert.Equal((DecisionOutcome.Matched, DecisionOutcome.NeedsReview), (difference.Live, difference.Shadow))
        );
    }

    [Fact]
    public void The_same_parameters_differ_in_nothing() => Assert.Empty(Between(Parameters.Default));

    [Fact]
    public void A_plan_that_was_not_in_force_makes_no_difference() =>
        Assert.Equal("E09000012", Assert.Single(Between(Cautious, endOfLeeds: new DateOnly(2026, 11, 25))).CouncilCode);

    [Theory]
    [InlineData(ReviewVerdict.SameChild)]
    [InlineData(ReviewVerdict.NotThisChild)]
    public void What_a_person_decided_makes_no_difference(object verdict) =>
        Assert.Equal(
            "E09000012",
            Assert
                .Single(
                    Between(
                        Cautious,
                        verdicts: new Verdict(
                            Guid.Empty,
                            _leeds.PlanId,
                            _leeds.CouncilCode,
                            (ReviewVerdict)verdict,
                            MatchRole.Child,
                            null
                        )
                    )
                )
                .CouncilCode
        );

    private List<ShadowDifference> Between(Parameters shadow, DateOnly? endOfLeeds = null, params Verdict[] verdicts)
    {
        var patient = Person.From(A_child.Traits with { Identifier = A_child.NoNumber });
        var plans = new[] { Held(_leeds, endOfLeeds), Held(_hackney, null) }.ToDictionary(plan => plan.Id);
        return ShadowDifference.Between(
            Decide.From(patient, [_leeds, _hackney], Parameters.Default),
            Decide.From(patient, [_leeds, _hackney], shadow),
            AnEncounter,
            plans,
            verdicts,
            Now
        );
    }

    private static StoredPlan Held(Candidate plan, DateOnly? end) =>
        new(
            plan.PlanId,
            plan.CouncilCode,
            "P-1",
            PlanKind.ChildProtection,
            new DateOnly(2026, 1, 1),
            end,
            null,
            false,
            Now,
            false
        );

    private static Encounter AnEncounter =>
        new()
        {
            Id = Guid.CreateVersion7(),
            Version = 1,
            Status = EncounterStatus.Arrived,
            Unscheduled = true,
            StartedAt = Now,
            EndedAt = null,
            ReceivedAt = Now,
            Concerns = [],
            Place = new Sealed<Place>("k", []),
            Patient = null,
        };
}
