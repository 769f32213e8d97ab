using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// What a comparison found, and why a person must look at it: taken out of the rules, each part of a veto and each bar
/// fails a line.
/// </summary>
public sealed class Vetoes_and_bars
{
    private const string Equal = "familyName equal, birthDate equal, sex equal";

    [Theory]
    // With the child's number: what bears it out.
    [InlineData($"identifier equal, givenName equal, {Equal}")]
    [InlineData($"identifier superseded, givenName swapped, {Equal}, postcode different")]
    [InlineData("identifier equal, givenName equal, familyName close, birthDate dayApart, sex equal")]
    [InlineData("identifier equal, givenName equal, familyName different, birthDate equal, sex equal")]
    [InlineData("identifier equal, givenName equal, familyName equal, birthDate equal, sex different")]
    [InlineData("identifier equal, givenName equal, familyName equal")]
    [InlineData("identifier equal, givenName equal, birthDate equal")]
    [InlineData($"identifier equal, givenName nickname, {Equal}, postcode equal")]
    [InlineData($"identifier equal, givenName close, {Equal}, phone equal")]
    [InlineData($"identifier equal, givenName close, {Equal}, address.line equal")]
    [InlineData($"identifier equal, givenName close, {Equal}, email.private equal")]
    [InlineData($"identifier equal, givenName close, {Equal}, mother number")]
    [InlineData($"identifier equal, givenName close, {Equal}, mother names")]
    [InlineData("identifier equal, givenName prefix, familyName close, birthDate yearOnly, postcode equal")]
    // What does not.
    [InlineData($"identifier equal, {Equal}, postcode equal", ReviewReason.NumberContradicted)]
    [InlineData("identifier equal, givenName equal", ReviewReason.NumberContradicted)]
    [InlineData(
        "identifier equal, givenName equal, familyName equal, birthDate different, sex equal",
        ReviewReason.NumberContradicted
    )]
    [InlineData(
        "identifier equal, givenName equal, familyName equal, birthDate adult, sex equal",
        ReviewReason.NumberContradicted
    )]
    [InlineData(
        "identifier equal, givenName equal, familyName different, birthDate equal, sex different",
        ReviewReason.NumberContradicted
    )]
    [InlineData(
        "identifier equal, givenName equal, familyName different, birthDate dayApart, sex equal",
        ReviewReason.NumberContradicted
    )]
    [InlineData($"identifier equal, givenName close, {Equal}", ReviewReason.NumberContradicted)]
    [InlineData($"identifier equal, givenName close, {Equal}, postcode sector", ReviewReason.NumberContradicted)]
    [InlineData($"identifier equal, givenName close, {Equal}, postcode communal", ReviewReason.NumberContradicted)]
    [InlineData($"identifier equal, givenName close, {Equal}, phone oneEdit", ReviewReason.NumberContradicted)]
    [InlineData($"identifier equal, givenName close, {Equal}, mother givenName", ReviewReason.NumberContradicted)]
    [InlineData($"identifier equal, givenName likeName, {Equal}, postcode equal", ReviewReason.NumberContradicted)]
    [InlineData($"identifier equal, givenName initial, {Equal}, postcode equal", ReviewReason.NumberContradicted)]
    [InlineData($"identifier equal, givenName sound, {Equal}, postcode equal", ReviewReason.NumberContradicted)]
    [InlineData($"identifier equal, givenName alike, {Equal}, postcode equal", ReviewReason.NumberContradicted)]
    [InlineData($"identifier equal, givenName shared, {Equal}, postcode equal", ReviewReason.NumberContradicted)]
    [InlineData(
        "identifier equal, givenName nickname, familyName equal, birthDate yearOnly, postcode equal",
        ReviewReason.NumberContradicted
    )]
    [InlineData(
        "identifier equal, givenName close, familyName equal, birthDate dayApart, postcode equal",
        ReviewReason.NumberContradicted
    )]
    [InlineData("identifier equal, givenName close, birthDate equal, postcode equal", ReviewReason.NumberContradicted)]
    [InlineData(
        "identifier equal, givenName close, familyName different, birthDate equal, postcode equal",
        ReviewReason.NumberContradicted
    )]
    [InlineData(
        "identifier equal, givenName close, familyName equal, birthDate equal, sex different, postcode equal",
        ReviewReason.NumberContradicted
    )]
    [InlineData(
        $"identifier equal, givenName anotherInUse, {Equal}, postcode equal",
        ReviewReason.NumberContradicted,
        ReviewReason.GivenNameDiffers
    )]
    [InlineData(
        "identifier equal, givenName equal, familyName equal, birthDate different, sex different",
        ReviewReason.NumberContradicted,
        ReviewReason.SexAndBirthDateDiffer
    )]
    [InlineData($"identifier equal, givenName equal, {Equal}, birthOrder different", ReviewReason.BirthOrderDiffers)]
    // A trace of it failed: nothing may differ.
    [InlineData($"identifier equal, numberStatus disputed, givenName equal, {Equal}, postcode equal")]
    [InlineData($"identifier equal, numberStatus verified, givenName equal, {Equal}")]
    [InlineData($"identifier equal, numberStatus untraced, givenName equal, {Equal}")]
    [InlineData($"identifier equal, numberStatus disputed, givenName equal, {Equal}", ReviewReason.NumberDisputed)]
    [InlineData(
        $"identifier equal, numberStatus disputed, givenName close, {Equal}, postcode equal",
        ReviewReason.NumberDisputed
    )]
    [InlineData(
        "identifier equal, numberStatus disputed, givenName equal, familyName equal, birthDate oneDigit, phone equal",
        ReviewReason.NumberDisputed
    )]
    // A verified one may be a twin's or a namesake's all the same.
    [InlineData(
        $"identifier equal, numberStatus verified, givenName likeName, {Equal}, postcode equal",
        ReviewReason.NumberContradicted
    )]
    [InlineData(
        $"identifier equal, numberStatus verified, givenName close, {Equal}, postcode different",
        ReviewReason.NumberContradicted
    )]
    // Another number.
    [InlineData($"identifier different, givenName equal, {Equal}, postcode equal", ReviewReason.NumbersDiffer)]
    [InlineData($"identifier oneEdit, givenName equal, {Equal}, postcode equal", ReviewReason.NumbersDiffer)]
    [InlineData($"identifier housemates, givenName equal, {Equal}, postcode equal", ReviewReason.NumbersDiffer)]
    // None.
    [InlineData($"givenName equal, {Equal}, postcode equal")]
    [InlineData($"givenName swapped, {Equal}, phone equal")]
    [InlineData($"{Equal}, postcode equal", ReviewReason.GivenNameUndecided)]
    [InlineData($"givenName close, {Equal}, postcode equal", ReviewReason.GivenNameUndecided)]
    [InlineData($"givenName different, {Equal}, postcode equal", ReviewReason.GivenNameDiffers)]
    [InlineData("givenName equal, familyName equal, postcode equal", ReviewReason.BirthDateUndecided)]
    [InlineData("givenName equal, familyName equal, birthDate swapped, phone equal", ReviewReason.BirthDateUndecided)]
    [InlineData("givenName equal, familyName equal, birthDate different, phone equal", ReviewReason.BirthDateUndecided)]
    [InlineData($"givenName equal, {Equal}", ReviewReason.NamesAndBirthDateOnly)]
    [InlineData($"givenName equal, {Equal}, postcode oneEdit, phone communal", ReviewReason.NamesAndBirthDateOnly)]
    public void Ask_for_these_reasons(string found, params ReviewReason[] reasons) =>
        Assert.Equal(reasons, Vetoes.Find(Seen(found), newborn: false));

    [Fact]
    public void Of_a_newborn_joined_to_a_mother_there_is_one_reason() =>
        Assert.Equal([ReviewReason.NewbornOfMother], Vetoes.Find(Seen("mother names, expectedDate inWindow"), true));

    /// <summary>The bars are those of the costs, and five bits ahead of the next.</summary>
    [Theory]
    [InlineData(0.9991, null, "Matched")]
    [InlineData(0.9989, null, "NeedsReview", ReviewReason.Uncertain)]
    [InlineData(0.021, null, "NeedsReview", ReviewReason.Uncertain)]
    [InlineData(0.019, null, "NoMatch", ReviewReason.Uncertain)]
    [InlineData(0.9991, 5.1, "Matched")]
    [InlineData(0.9991, 4.9, "NeedsReview", ReviewReason.RivalTooClose)]
    [InlineData(0.9991, 0.0, "NeedsReview", ReviewReason.RivalTooClose)]
    public void Decide(double posterior, double? lead, string outcome, params ReviewReason[] reasons)
    {
        var scored = new ScoredCandidate(
            Guid.Empty,
            Seen($"givenName equal, {Equal}, postcode equal"),
            newborn: false,
            Parameters.Default
        );
        (scored.Against, scored.LeadBits) = (scored.Same * ((1 / posterior) - 1), lead);

        Posterior.Evaluate(scored, Parameters.Default);

        Assert.Equal((outcome, posterior), (scored.Outcome.ToString(), Math.Round(scored.Posterior, 6)));
        Assert.Equal(reasons, scored.Reasons);
    }

    [Fact]
    public void Put_a_contradicted_number_before_a_person_however_unlikely()
    {
        var patient = Traits with
        {
            Names = [new(NameUse.Usual, "Hart", ["Samson"])],
            BirthDate = new DateOnly(1984, 11, 21),
            Sex = Sex.Male,
        };

        var outcome = Assert.IsType<MatchOutcome.NeedsReview>(Decided(patient, OnAPlan(Traits)).Persons[0].Outcome);

        Assert.True(outcome.Evidence.Posterior < Parameters.Default.Costs.ReviewAt);
        Assert.Contains(ReviewReason.NumberContradicted, outcome.Reasons);

        // Nor where no brother or sister could have brought it, and nothing but the number speaks for the child.
        patient = patient with { Names = [new(NameUse.Usual, "Ashgrove", ["Samson"])], Postcodes = [], Phones = [] };
        var alone = Parameters.Default with { Register = Parameters.Default.Register with { Housemate = 0 } };
        var decision = Matching.Rules.Decide.From(Person.From(patient), [OnAPlan(Traits)], alone);

        outcome = Assert.IsType<MatchOutcome.NeedsReview>(Assert.Single(decision.Persons).Outcome);
        Assert.True(outcome.Evidence.Posterior < 1e-6);
        Assert.Contains(ReviewReason.NumberContradicted, outcome.Reasons);
    }

    [Theory]
    [InlineData("2012-05-06", "2012-05-06", "equal")]
    [InlineData("2012-05-06", "2012-06-05", "swapped")]
    [InlineData("2012-05-31", "2012-06-01", "dayApart")]
    [InlineData("2012-05-06", "2012-05-08", "oneDigit")]
    [InlineData("2012-05-12", "2012-05-21", "oneDigit")]
    [InlineData("2012-05-06", "2012-05-17", "twoParts")]
    [InlineData("2012-05-06", "2012-11-06", "twoParts")]
    [InlineData("2009-05-06", "2011-05-06", "twoParts")]
    [InlineData("2009-05-06", "2012-05-06", "different")]
    [InlineData("2012-05-06", "2012-06-08", "twoDigits")]
    [InlineData("2012-05-26", "2012-01-01", "yearOnly")]
    [InlineData("2012-01-01", "2012-01-01", "yearOnly")]
    [InlineData("2012-01-01", "2014-01-01", "yearOnly")]
    [InlineData("2012-01-01", "2015-01-01", "different")]
    [InlineData("2012-05-06", "2013-11-27", "different")]
    [InlineData("2012-05-06", "1995-11-27", "different")]
    [InlineData("2012-05-06", "1994-11-27", "generation")]
    public void Birth_dates_fall_on_their_levels(string ours, string theirs, string level) =>
        Assert.Equal(level, CompareBirthDates.Between(Date(ours), Date(theirs), Population.Default)?.Level);

    [Theory]
    [InlineData("2026-02-08", true)]
    [InlineData("2026-02-07", false)]
    [InlineData("2026-05-24", true)]
    [InlineData("2026-05-25", false)]
    public void A_birth_is_twelve_weeks_before_the_expected_day_to_three_weeks_after(string born, bool inWindow) =>
        Assert.Equal(inWindow, CompareBirthDates.InWindow(Date(born), new DateOnly(2026, 5, 3)));

    private static BirthDate Date(string text) =>
        BirthDate.From(DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    private static List<Observation> Seen(string found) =>
        [.. found.Split(", ").Select(text => text.Split(' ')).Select(words => new Observation(words[0], words[1]))];
}
