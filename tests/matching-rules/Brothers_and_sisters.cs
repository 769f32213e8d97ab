using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>What a home shares must neither make one child of two nor take a child's match away.</summary>
public sealed class Brothers_and_sisters
{
    private static readonly PersonTraits Twin = Traits with
    {
        Identifier = new PersonIdentifier.Known(NhsNumber.Parse("9000000009")),
        Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Morgan"])],
    };

    [Fact]
    public void The_brothers_better_record_of_the_telephone_takes_nothing_from_his_sisters_match()
    {
        var own = Traits with { Phones = [], Mother = null };
        var brother = Traits with
        {
            Identifier = new PersonIdentifier.Known(NhsNumber.Parse("9000000009")),
            Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Samson"])],
            BirthDate = new DateOnly(2014, 11, 21),
            Sex = Sex.Male,
        };

        var persons = Decided(Traits, OnAPlan(own), OnAPlan(brother)).Persons;

        Assert.IsType<MatchOutcome.Matched>(persons[0].Outcome);
        Assert.All(persons.Skip(1), other => Assert.IsType<MatchOutcome.NoMatch>(other.Outcome));
    }

    [Fact]
    public void The_twins_plan_that_alone_has_the_telephone_does_not_hide_the_child()
    {
        var own = OnAPlan(Traits with { Phones = [] });

        var persons = Decided(Traits with { Identifier = NoNumber, Postcodes = [] }, own, OnAPlan(Twin)).Persons;

        Assert.Equal(own.PlanId, persons[0].Plans[0].PlanId);
        var asked = Assert.IsType<MatchOutcome.NeedsReview>(persons[0].Outcome);
        Assert.Contains(asked.Evidence.Traits, trait => trait is { Trait: "phone", Level: "housemates" });
        // Another plan's telephone makes the home likely; it is not the home on the child's own plan.
        Assert.Contains(ReviewReason.NamesAndBirthDateOnly, asked.Reasons);
    }

    [Fact]
    public void A_telephone_that_differs_on_the_childs_own_plan_stays_different()
    {
        var own = Traits with { Phones = ["07700 900987"] };

        var persons = Decided(Traits with { Identifier = NoNumber }, OnAPlan(own), OnAPlan(Twin)).Persons;

        Assert.DoesNotContain(persons.SelectMany(person => person.Outcome.Evidence.Traits), trait =>
            trait is { Trait: "phone", Level: "housemates" }
        );
    }

    [Fact]
    public void In_a_file_that_is_no_register_a_telephone_speaks_for_its_own_row()
    {
        var own = OnAPlan(Traits with { Phones = [] }, council: "");

        var persons = Decided(Traits with { Identifier = NoNumber }, own, OnAPlan(Twin, council: "")).Persons;

        Assert.DoesNotContain(persons.SelectMany(person => person.Outcome.Evidence.Traits), trait =>
            trait is { Trait: "phone", Level: "housemates" }
        );
    }

    [Fact]
    public void A_twins_plan_is_not_folded_into_the_childs_for_a_plan_without_number()
    {
        var twin = OnAPlan(Twin);

        var persons = Decided(Traits, OnAPlan(Traits), OnAPlan(Traits with { Identifier = NoNumber }), twin).Persons;

        Assert.NotEmpty(persons);
        Assert.DoesNotContain(persons, person =>
            person.Plans.Count > 1 && person.Plans.Any(plan => plan.PlanId == twin.PlanId)
        );
    }

    [Fact]
    public void A_child_with_the_twins_number_goes_to_review_and_not_to_the_twin()
    {
        var persons = Decided(Traits with { Identifier = Twin.Identifier }, OnAPlan(Traits), OnAPlan(Twin)).Persons;

        Assert.DoesNotContain(persons, person => person.Outcome is MatchOutcome.Matched);
        Assert.Contains(persons, person => person.Outcome is MatchOutcome.NeedsReview);
    }

    [Fact]
    public void A_neighbour_of_another_name_is_no_housemate()
    {
        var neighbour = Person.From(Traits with { Names = [new(NameUse.Usual, "Ashgrove", ["Alfie"])], Phones = [] });

        Assert.False(Households.AreOne(Person.From(Traits), neighbour));
        Assert.True(Households.AreOne(Person.From(Traits), Person.From(Twin)));
    }
}
