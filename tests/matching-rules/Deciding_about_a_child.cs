using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

public sealed class Deciding_about_a_child
{
    [Fact]
    public void The_same_child_matches() =>
        Assert.IsType<MatchOutcome.Matched>(Decided(Traits, OnAPlan(Traits)).Persons[0].Outcome);

    [Fact]
    public void A_child_without_a_number_matches_by_everything_else() =>
        Assert.IsType<MatchOutcome.Matched>(
            Decided(Traits with { Identifier = NoNumber }, OnAPlan(Traits)).Persons[0].Outcome
        );

    [Fact]
    public void Two_councils_plans_for_one_child_both_match()
    {
        var persons = Decided(Traits, OnAPlan(Traits), OnAPlan(Traits, "E08000032")).Persons;

        Assert.Equal(
            ["E08000032", "E08000035"],
            persons.Select(person => Assert.Single(person.Plans).CouncilCode).Order()
        );
        Assert.All(persons, person => Assert.IsType<MatchOutcome.Matched>(person.Outcome));
    }

    [Theory]
    [InlineData("Ahmadi", "Mohammed")]
    [InlineData("Haverling", "Imelda")]
    public void A_plan_without_a_number_does_not_make_two_children_with_numbers_of_their_own_one(
        string family,
        string given
    )
    {
        var one = Traits with { Names = [new(NameUse.Usual, family, [given])], Phones = [] };
        var other = one with { Identifier = new PersonIdentifier.Known(NhsNumber.Parse("9434765870")) };
        var (own, another) = (OnAPlan(one), OnAPlan(other));

        var persons = Decided(one, own, another, OnAPlan(one with { Identifier = NoNumber })).Persons;

        Assert.DoesNotContain(persons, person =>
            person.Plans.Any(plan => plan.PlanId == own.PlanId)
            && person.Plans.Any(plan => plan.PlanId == another.PlanId)
        );
        Assert.DoesNotContain(persons, person =>
            person.Outcome is MatchOutcome.Matched && person.Plans.Any(plan => plan.PlanId == another.PlanId)
        );
    }

    [Fact]
    public void A_newborn_is_joined_by_the_home_that_is_written_on_the_mother()
    {
        var mother = Traits with
        {
            BirthDate = new DateOnly(1994, 5, 2),
            Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Adaeze"])],
        };
        var newborn = new PersonTraits
        {
            Identifier = new PersonIdentifier.Known(NhsNumber.Parse("9434765870")),
            BirthDate = new DateOnly(2026, 11, 20),
            Mother = mother with { Identifier = NoNumber, BirthDate = null },
        };

        var person = Assert.Single(
            Decided(
                newborn,
                OnAPlan(mother, role: MatchRole.MotherOfUnborn, expected: new DateOnly(2026, 11, 28))
            ).Persons
        );

        var evidence = Assert.IsType<MatchOutcome.NeedsReview>(person.Outcome).Evidence;
        Assert.Contains(evidence.Traits, trait => trait is { Trait: "postcode", Level: "equal" });
        Assert.Contains(evidence.Traits, trait => trait is { Trait: "phone", Level: "equal" });
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

    [Theory]
    [InlineData("J")]
    [InlineData("Mohammed Hussain")]
    [InlineData("Mohammed Ali")]
    public void A_twin_with_a_like_name_is_not_matched_without_a_number(string given)
    {
        var twin = Traits with { Identifier = NoNumber, Names = [new(NameUse.Usual, "Khan", given.Split(' '))] };
        var registered = Traits with
        {
            Names =
            [
                new(
                    NameUse.Usual,
                    "Khan",
                    given == "J" ? ["Jayden"] : ["Mohammed", given.EndsWith('i') ? "Adam" : "Hassan"]
                ),
            ],
        };

        Assert.IsType<MatchOutcome.NeedsReview>(Decided(twin, OnAPlan(registered)).Persons[0].Outcome);
    }

    [Fact]
    public void A_father_of_the_same_name_and_home_is_not_matched_as_the_child()
    {
        var child = Traits with { Sex = Sex.Male };
        var patient = child with { Identifier = NoNumber, BirthDate = null };

        var outcome = Assert.IsType<MatchOutcome.NeedsReview>(Decided(patient, OnAPlan(child)).Persons[0].Outcome);
        Assert.Equal([ReviewReason.BirthDateUndecided], outcome.Reasons);
        Assert.IsType<MatchOutcome.Matched>(
            Decided(child with { BirthDate = null }, OnAPlan(child)).Persons[0].Outcome
        );
    }

    [Fact]
    public void Two_who_share_a_name_and_the_first_of_January_are_not_matched_by_it()
    {
        var one = Traits with
        {
            Identifier = NoNumber,
            Names = [new(NameUse.Usual, "Ahmadi", ["Mohammad"])],
            BirthDate = new(2009, 1, 1),
            Sex = Sex.Male,
            Phones = [],
        };

        var outcome = Assert.Single(Decided(one, OnAPlan(one with { Postcodes = [new("BD1 1AA")] })).Persons).Outcome;

        Assert.IsNotType<MatchOutcome.Matched>(outcome);
        Assert.IsType<MatchOutcome.Matched>(
            Assert
                .Single(
                    Decided(
                        one with
                        {
                            Identifier = Traits.Identifier,
                        },
                        OnAPlan(one with { Identifier = Traits.Identifier })
                    ).Persons
                )
                .Outcome
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_child_of_whom_one_side_knows_the_year_only_is_found_by_names_and_year(bool patients)
    {
        var (right, yearOnly) = (Traits, Traits with { BirthDate = new DateOnly(2017, 1, 1) });
        var away = (patients ? yearOnly : right) with
        {
            Identifier = NoNumber,
            Postcodes = [new("BD1 1AA")],
            Phones = [],
        };
        var registered = Person.From(patients ? right : yearOnly);
        var stored = BlockKeys.ForStoring(registered);

        Assert.Contains(BlockKeys.ForSearching(Person.From(away)), key => key.FindsAlone && stored.Contains(key));
        Assert.DoesNotContain(
            BlockKeys.ForSearching(
                Person.From(
                    Traits with
                    {
                        Identifier = NoNumber,
                        BirthDate = new DateOnly(2017, 8, 25),
                        Postcodes = [],
                        Phones = [],
                    }
                )
            ),
            key => key.FindsAlone && BlockKeys.ForStoring(Person.From(Traits)).Contains(key)
        );
    }

    [Fact]
    public void A_right_number_on_another_person_goes_to_review()
    {
        var brother = Traits with
        {
            Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Samson"])],
            BirthDate = new DateOnly(2014, 11, 21),
            Sex = Sex.Male,
        };

        var outcome = Assert.IsType<MatchOutcome.NeedsReview>(Decided(brother, OnAPlan(Traits)).Persons[0].Outcome);
        Assert.Contains(ReviewReason.NumberContradicted, outcome.Reasons);
    }
}
