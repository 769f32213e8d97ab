using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// What the stated trace of a patient's number changes: a verified one is more seldom the sister's, one that was not
/// traced or whose trace failed is oftener somebody else's, and one of which nothing is stated counts as it did.
/// </summary>
public sealed class Traced_numbers
{
    private static readonly PersonTraits Sister = Traits with
    {
        Identifier = new PersonIdentifier.Known(NhsNumber.Parse("9000000009")),
        Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Morgan"])],
        BirthDate = new DateOnly(2018, 9, 21),
    };

    private static readonly PersonTraits Twin = Sister with { BirthDate = Traits.BirthDate };

    private static readonly PersonTraits Common = Traits with
    {
        Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Olivia"])],
    };

    private static readonly PersonTraits Moved = Traits with { Postcodes = [new("M1 1AA")], Phones = [] };

    private static readonly Dictionary<string, (PersonTraits Patient, PersonTraits[] Plans)> Kinds = new()
    {
        ["at home"] = (Traits, [Traits]),
        ["moved"] = (Moved, [Traits]),
        ["telephone of the twin's plan alone"] = (Common, [Common with { Phones = [] }, Twin with { Sex = Sex.Male }]),
        ["another telephone than the twin's"] = (
            Common,
            [Common with { Phones = ["07700 900987"] }, Twin with { Sex = Sex.Male }]
        ),
        ["moved, name spelt otherwise"] = (
            Moved with
            {
                Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Robin"])],
            },
            [Traits]
        ),
        ["the twin with the child's number"] = (Twin with { Identifier = Traits.Identifier }, [Traits, Twin]),
        ["the sister with the child's number"] = (Sister with { Identifier = Traits.Identifier }, [Traits]),
        ["a stranger with the child's number"] = (
            Moved with
            {
                Names = [new(NameUse.Usual, "Ashgrove", ["Alfie"])],
                BirthDate = new DateOnly(2012, 11, 21),
            },
            [Traits]
        ),
        ["another number and family name, in the next street"] = (
            Moved with
            {
                Postcodes = [new("LS8 1AB")],
                Identifier = Sister.Identifier,
                Names = [new(NameUse.Usual, "Ashgrove", ["Robyn"])],
            },
            [Traits]
        ),
    };

    [Theory]
    [InlineData("at home", "--", "M")]
    [InlineData("at home", "01", "M")]
    [InlineData("at home", "02", "M")]
    [InlineData("at home", "04", "M")]
    [InlineData("at home", "05", "M")]
    [InlineData("at home", "07", "M")]
    [InlineData("moved", "--", "M")]
    [InlineData("moved", "01", "M")]
    [InlineData("moved", "02", "M")]
    [InlineData("moved", "03", "M")]
    [InlineData("moved", "06", "M")]
    [InlineData("moved", "07", "M")]
    [InlineData("moved", "08", "M")]
    [InlineData("moved", "04", "R NumberDisputed")]
    [InlineData("moved", "05", "R NumberDisputed")]
    [InlineData("telephone of the twin's plan alone", "--", "M")]
    [InlineData("another telephone than the twin's", "--", "R Uncertain")]
    [InlineData("another telephone than the twin's", "01", "M")]
    [InlineData("another telephone than the twin's", "02", "R Uncertain")]
    [InlineData("moved, name spelt otherwise", "--", "R NumberContradicted")]
    [InlineData("moved, name spelt otherwise", "01", "R NumberContradicted")]
    [InlineData("the twin with the child's number", "--", "R")]
    [InlineData("the twin with the child's number", "01", "R")]
    [InlineData("the sister with the child's number", "--", "R")]
    [InlineData("the sister with the child's number", "01", "R")]
    [InlineData("a stranger with the child's number", "--", "R")]
    [InlineData("a stranger with the child's number", "01", "R")]
    [InlineData("a stranger with the child's number", "04", "R")]
    [InlineData("another number and family name, in the next street", "--", "N")]
    [InlineData("another number and family name, in the next street", "01", "N")]
    [InlineData("another number and family name, in the next street", "02", "R")]
    [InlineData("another number and family name, in the next street", "04", "R")]
    public void Are_decided_so(string kind, string status, string expected)
    {
        var (patient, plans) = Kinds[kind];
        patient = patient with { NumberStatus = NhsNumberStatusCode.Read(status) };

        var persons = Decided(patient, [.. plans.Select(plan => OnAPlan(plan))]).Persons;

        var outcomes = persons.Select(person => Said(person.Outcome)).ToList();
        Assert.Equal(expected[0], outcomes.Select(outcome => outcome[0]).DefaultIfEmpty('N').MinBy("MRN".IndexOf));
        Assert.StartsWith(expected, outcomes.FirstOrDefault("N"), StringComparison.Ordinal);
    }

    [Fact]
    public void Weigh_by_how_far_the_trace_went()
    {
        double BitsOf(string status) =>
            Decided(Moved with { NumberStatus = NhsNumberStatusCode.Read(status) }, OnAPlan(Traits))
                .Persons.Single()
                .Outcome.Evidence.Bits;

        var bits = new[] { "01", "--", "02", "04" }.Select(BitsOf).ToList();

        Assert.Equal(bits.OrderDescending(), bits);
        Assert.Equal(4, bits.Distinct().Count());
        Assert.Equal(bits[2], BitsOf("08"));
        Assert.Equal(bits[3], BitsOf("05"));
    }

    // Of a number that differs and turns out to be the sister's, what it said as one that differs is said no more.
    [Theory]
    [InlineData("01", "verifiedAnothers")]
    [InlineData("02")]
    [InlineData("04")]
    public void Say_of_a_sisters_number_what_it_says_as_hers(string status, params string[] levels)
    {
        var patient = Traits with { Identifier = Sister.Identifier, NumberStatus = NhsNumberStatusCode.Read(status) };
        var own = OnAPlan(Traits);

        var traits = Decided(patient, own, OnAPlan(Sister))
            .Persons.Single(person => person.Plans[0].PlanId == own.PlanId)
            .Outcome.Evidence.Traits;

        Assert.Equal("housemates", traits.Single(trait => trait.Trait == "identifier").Level);
        Assert.Equal(levels, traits.Where(trait => trait.Trait == "numberStatus").Select(trait => trait.Level));
    }

    [Theory]
    [InlineData("01")]
    [InlineData("02")]
    [InlineData("05")]
    public void Are_decided_again_from_what_is_stored(string status)
    {
        var outcome = Decided(Moved with { NumberStatus = NhsNumberStatusCode.Read(status) }, OnAPlan(Traits))
            .Persons.Single()
            .Outcome;

        Assert.Equal(Said(outcome), Said(Decide.Redecide(outcome, Parameters.Default)));
        Assert.Contains(outcome.Evidence.Traits, trait => trait.Trait == "numberStatus");
    }

    private static string Said(MatchOutcome outcome) =>
        outcome switch
        {
            MatchOutcome.Matched => "M",
            MatchOutcome.NeedsReview review => $"R {string.Join(" ", review.Reasons)}",
            _ => "N",
        };
}
