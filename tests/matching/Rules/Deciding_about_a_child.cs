using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

public sealed class Deciding_about_a_child
{
    [Fact]
    public void The_same_child_matches() =>
        Assert.IsType<MatchOutcome.Matched>(Decided(Traits, OnAPlan(Traits)).Persons[0].Outcome);

    [Fact]
    public void A_child_without_a_number_matches_by_everything_else() =>
        Assert.IsType<MatchOutcome.Matched>(Decided(Traits with { Identifier = NoNumber }, OnAPlan(Traits)).Persons[0].Outcome);

    [Fact]
    public void Two_councils_plans_for_one_child_both_match()
    {
        var person = Assert.Single(Decided(Traits, OnAPlan(Traits), OnAPlan(Traits, "E08000032")).Persons);

        Assert.Equal(2, person.Plans.Count);
        Assert.IsType<MatchOutcome.Matched>(person.Outcome);
    }

    [Fact]
    public void Twins_with_one_surname_go_to_review_when_the_given_name_is_missing()
    {
        var twin = Traits with { Identifier = NoNumber, Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Morgan"])] };
        var patient = Traits with { Identifier = NoNumber, Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Twin 1"])] };

        var persons = Decided(patient, OnAPlan(Traits), OnAPlan(twin)).Persons;

        Assert.Equal(2, persons.Count);
        Assert.All(persons, person => Assert.IsType<MatchOutcome.NeedsReview>(person.Outcome));
    }

    [Fact]
    public void A_right_number_on_another_person_goes_to_review()
    {
        var brother = Traits with { Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Samson"])], BirthDate = new DateOnly(2014, 11, 21), Sex = Sex.Male };

        var outcome = Assert.IsType<MatchOutcome.NeedsReview>(Decided(brother, OnAPlan(Traits)).Persons[0].Outcome);
        Assert.Contains(ReviewReason.NumberContradicted, outcome.Reasons);
    }
}
