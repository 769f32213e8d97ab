using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

public sealed class Evidence_in_words
{
    [Theory]
    [InlineData(0.9966, "99.66 %")]
    [InlineData(0.999, "99.9 %")]
    [InlineData(0.99996, "more than 99.99 %")]
    [InlineData(1, "100 %")]
    [InlineData(0.03, "3 %")]
    [InlineData(0.00001, "less than 0.01 %")]
    public void A_probability_is_never_rounded_to_certainty(double probability, string said) =>
        Assert.Equal(said, InWords.Percent(probability));

    [Theory]
    [InlineData(9.97, "makes it a thousand times likelier")]
    [InlineData(19.93, "makes it a million times likelier")]
    [InlineData(12.7, "makes it about 7 thousand times likelier")]
    [InlineData(-6.7, "makes it about 100 times less likely")]
    [InlineData(1, "makes it about twice as likely")]
    [InlineData(-1, "makes it about half as likely")]
    [InlineData(0, "hardly changes the odds")]
    public void Bits_are_said_as_odds(double bits, string said) => Assert.Equal(said, InWords.Times(bits));

    public static TheoryData<string, string> Levels { get; } =
        new(
            Parameters.Default.Traits.SelectMany(trait => trait.Value.Levels.Select(level => (trait.Key, level.Level)))
        );

    public static TheoryData<ReviewReason> Reasons { get; } = new(Enum.GetValues<ReviewReason>());

    [Theory, MemberData(nameof(Levels))]
    public void Every_level_of_every_trait_has_words_of_its_own(string trait, string level)
    {
        Assert.NotNull(InWords.LevelOf(trait, level));
        Assert.NotEqual(trait, InWords.NameOf(trait));
    }

    [Theory, MemberData(nameof(Reasons))]
    public void Every_reason_to_ask_has_a_sentence_of_its_own(ReviewReason reason)
    {
        Assert.NotEqual(InWords.AnotherDoubt, InWords.ReasonOf(reason));
        Assert.Single(Enum.GetValues<ReviewReason>(), other => InWords.ReasonOf(other) == InWords.ReasonOf(reason));
    }

    [Fact]
    public void A_number_that_the_birth_date_contradicts_is_said_to_be_perhaps_somebody_elses()
    {
        var patient = Traits with
        {
            Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Samson"])],
            BirthDate = new DateOnly(2014, 11, 21),
        };

        var outcome = Assert.IsType<MatchOutcome.NeedsReview>(Decided(patient, OnAPlan(Traits)).Persons[0].Outcome);
        var lines = InWords.Of(outcome, Parameters.Default);

        Assert.EndsWith("99.9 % is needed to alert by itself.", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line =>
            line.Contains("perhaps somebody else's number was typed", StringComparison.Ordinal)
        );
        Assert.Contains(lines, line =>
            line.StartsWith("Birth date: different; this makes it", StringComparison.Ordinal)
        );
        Assert.Contains("Sex: the same, as for every second child; it says little.", lines);
        Assert.Contains(lines, line => line.StartsWith("A brother or sister", StringComparison.Ordinal));
    }

    [Fact]
    public void What_only_one_record_has_is_named_but_nothing_of_a_home_that_is_not_shown()
    {
        var plan = Traits with { Sex = null, Postcodes = [], Phones = [] };
        var outcome = Decided(Traits, OnAPlan(plan)).Persons[0].Outcome;

        Assert.Equal(["Sex", "Postcode", "Telephone"], NotCompared(withHome: true));
        Assert.Equal(["Sex"], NotCompared(withHome: false));

        string[] NotCompared(bool withHome) =>
            [
                .. InWords
                    .Person(outcome, Parameters.Default, withHome)
                    .Traits.Where(trait => trait.Relation is null)
                    .Select(trait => trait.Name),
            ];
    }
}
