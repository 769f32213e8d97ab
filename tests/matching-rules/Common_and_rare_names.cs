using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.MatchFiles.Estimation;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>How common a name is among all who attend decides what agreeing on it is worth.</summary>
public sealed class Common_and_rare_names
{
    [Fact]
    public void A_common_name_is_worth_less_than_a_rare_one()
    {
        Assert.True(PosteriorOf("Khan", "Muhammad") < PosteriorOf("Okonkwo-Hart", "Robyn"));
        Assert.True(BitsOf("givenName", "Khan", "Oliver") < BitsOf("givenName", "Khan", "Peregrine"));
    }

    [Fact]
    public void A_given_name_is_worth_less_beside_a_family_name_whose_bearers_often_have_it()
    {
        var population = Attended(
                ("Nguyen", "Minh", 60),
                ("Nguyen", "Linh", 60),
                ("Ashgrove", "Robyn", 400),
                ("Whitcombe", "Alfie", 400)
            )
            .Into(Population.Default, "counted", "a test");
        var parameters = Parameters.Default with { Population = population };

        var beside = Assert.Single(Bits("Nguyen", "Minh", parameters), trait => trait.Trait == "givenName");
        var elsewhere = Assert.Single(Bits("Whitcombe", "Minh", parameters), trait => trait.Trait == "givenName");

        Assert.True(beside.Frequency > elsewhere.Frequency);
        Assert.True(beside.Bits < elsewhere.Bits);
    }

    [Fact]
    public void A_spelling_near_a_common_name_is_worth_less_than_one_near_a_rare_name() =>
        Assert.True(
            Bits("Hart", "Olivia", Parameters.Default, "Oliviah").Single(trait => trait.Trait == "givenName").Bits
                < Bits("Hart", "Ottilie", Parameters.Default, "Ottiliee")
                    .Single(trait => trait.Trait == "givenName")
                    .Bits
        );

    [Fact]
    public void A_name_of_few_bearers_stays_in_the_tail_and_out_of_the_document()
    {
        var population = Attended(("Quillfeather", "Zebedee", 4), ("Ashgrove", "Robyn", 600))
            .Into(Population.Default, "counted", "a test");

        Assert.Equal(population.Shares["familyName"].Tail, population.ShareOf("familyName", "QUILLFEATHER"));
        Assert.DoesNotContain("QUILLFEATHER", population.Shares["familyName"].Values.Keys);
        Assert.DoesNotContain("QUILLFEATHER", population.GivenNamesOf.Keys);
    }

    [Fact]
    public void What_attends_moves_the_shares_that_were_known_before()
    {
        var before = Population.Default.ShareOf("familyName", "SMITH");
        var after = Attended(("Ashgrove", "Robyn", 8_000)).Into(Population.Default, "counted", "a test");

        Assert.True(after.ShareOf("familyName", "SMITH") < before);
        Assert.True(after.ShareOf("familyName", "ASHGROVE") > 0.5);
        Assert.Equal(8_000, after.People);
    }

    [Fact]
    public void A_population_is_read_as_it_was_written()
    {
        var population = Attended(("Nguyen", "Minh", 60), ("Ashgrove", "Robyn", 400))
            .Into(Population.Default, "counted", "a test");
        using var document = new MemoryStream();
        population.Write(document);
        document.Position = 0;

        var read = Population.Read(document);

        Assert.Equal(population.ShareOfGiven("MINH", ["NGUYEN"]), read.ShareOfGiven("MINH", ["NGUYEN"]));
        Assert.Equal(population.ShareOf("familyName", "ASHGROVE"), read.ShareOf("familyName", "ASHGROVE"));
        Assert.Equal((population.Version, population.People), (read.Version, read.People));
    }

    [Fact]
    public void A_decision_names_the_population_it_was_made_with()
    {
        var parameters = Parameters.Default with { Population = Population.Default with { Version = "counted-7" } };

        Assert.EndsWith(
            "+counted-7",
            Decide.From(Person.From(Traits), [OnAPlan(Traits)], parameters).RuleVersion,
            StringComparison.Ordinal
        );
    }

    /// <summary>
    /// Common pairs of each origin, of which twelve were once told of by name and birth date alone, and ten English
    /// ones.
    /// </summary>
    public static TheoryData<string, string> PairsOfNames =>
        new()
        {
            { "Fatima", "Chowdhury" },
            { "Ayaan", "Miah" },
            { "Ahmad", "Noori" },
            { "Ahmad", "Karimi" },
            { "Abdirahman", "Abdi" },
            { "Simran", "Gill" },
            { "Priya", "Sharma" },
            { "Wei", "Lin" },
            { "Wei", "Chen" },
            { "Jia", "Chen" },
            { "Minh", "Tran" },
            { "Esther", "Okafor" },
            { "Esther", "Adeyemi" },
            { "David", "Adeyemi" },
            { "Zofia", "Nowak" },
            { "Oliver", "Jones" },
            { "Olivia", "Williams" },
            { "George", "Brown" },
            { "Amelia", "Taylor" },
            { "Harry", "Davies" },
            { "Isla", "Evans" },
            { "Jack", "Thomas" },
            { "Ava", "Johnson" },
            { "Noah", "Wilson" },
            { "Emily", "Roberts" },
            { "Zebedee", "Quillfeather" },
        };

    [Theory]
    [MemberData(nameof(PairsOfNames))]
    public void Names_and_birth_date_alone_are_a_question_whatever_their_origin(string given, string family) =>
        Assert.All(Decided(Named(family, given), OnAPlan(Named(family, given))).Persons, person =>
            Assert.IsType<MatchOutcome.NeedsReview>(person.Outcome)
        );

    [Theory]
    [MemberData(nameof(PairsOfNames))]
    public void No_pair_of_names_is_taken_to_be_a_thousand_times_as_rare_as_Oliver_Jones(string given, string family) =>
        Assert.True(Together(given, family) > Together("Oliver", "Jones") / 1000);

    [Theory]
    [InlineData("Fatima", "Chowdhury", 0.005)]
    [InlineData("Ahmad", "Noori", 0.003)]
    [InlineData("Wei", "Chen", 0.004)]
    [InlineData("Zofia", "Nowak", 0.005)]
    [InlineData("Priya", "Sharma", 0.005)]
    [InlineData("Esther", "Adeyemi", 0.005)]
    public void A_given_name_is_as_common_as_it_is_in_the_group_of_the_family_name(
        string given,
        string family,
        double least
    )
    {
        var population = Population.Default;
        var beside = population.ShareOfGiven(Upper(given), [Upper(family)]);

        Assert.True(beside >= least);
        Assert.Equal(population.ShareOf("givenName", Upper(given)), population.ShareOfGiven(Upper(given), ["SMITH"]));
        Assert.True(beside > population.ShareOfGiven(Upper(given), ["SMITH"]));
    }

    [Fact]
    public void A_family_name_that_nobody_counted_is_as_common_as_the_rarest_that_was()
    {
        var families = Population.Default.Shares["familyName"];

        Assert.True(families.Tail > families.Floor);
        Assert.Equal(families.Tail, Population.Default.ShareOf("familyName", "QUILLFEATHER"));
        Assert.InRange(
            families.Tail,
            families.Floor,
            families.Values.Values.Order().Skip(families.Values.Count / 20).First()
        );
    }

    [Fact]
    public void More_names_are_counted_than_the_commonest_few_hundred()
    {
        Assert.True(Population.Default.Shares["givenName"].Values.Count > 1_400);
        Assert.True(Population.Default.Shares["familyName"].Values.Count > 500);
        Assert.Equal(6_623 / 696_271.0, Population.Default.ShareOf("givenName", "OLIVER")!.Value, 6);
    }

    [Fact]
    public void What_attenders_show_raises_a_share_and_never_lowers_one()
    {
        var learned = Attended(("Ashgrove", "Robyn", 4_000), ("Nguyen", "Minh", 60)).Learned("1");
        var raised = Population.Default.RaisedBy(learned);

        Assert.True(raised.ShareOf("familyName", "ASHGROVE") > 0.5);
        Assert.True(raised.ShareOf("familyName", "NGUYEN") > Population.Default.ShareOf("familyName", "NGUYEN"));
        Assert.True(raised.ShareOfGiven("MINH", ["NGUYEN"]) > Population.Default.ShareOfGiven("MINH", ["NGUYEN"]));
        var all = Population.Default.Shares.SelectMany(of => of.Value.Values.Keys.Select(name => (of.Key, name)));
        Assert.All(all, of =>
            Assert.True(raised.ShareOf(of.Key, of.name) >= Population.Default.ShareOf(of.Key, of.name))
        );
        Assert.Equal($"{Population.Default.Version}+1", raised.Version);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void A_share_is_learned_of_five_people_and_not_of_four(int people, bool isRaised)
    {
        var raised = Population.Default.RaisedBy(Attended(("Quillfeather", "Zebedee", people)).Learned("1"));

        Assert.Equal(
            isRaised,
            raised.ShareOf("familyName", "QUILLFEATHER") > Population.Default.ShareOf("familyName", "QUILLFEATHER")
        );
        Assert.Equal(
            isRaised,
            raised.ShareOf("givenName", "ZEBEDEE") > Population.Default.ShareOf("givenName", "ZEBEDEE")
        );
        Assert.Equal(
            isRaised,
            raised.ShareOfGiven("ZEBEDEE", ["QUILLFEATHER"]) > raised.ShareOf("givenName", "ZEBEDEE")
        );
    }

    [Fact]
    public void A_decision_with_learned_shares_replays_from_its_evidence_alone()
    {
        var learned = Parameters.Default with
        {
            Population = Population.Default.RaisedBy(Attended(("Chen", "Wei", 50)).Learned("7")),
        };
        var decision = Decide.From(Person.From(Named("Chen", "Wei")), [OnAPlan(Named("Chen", "Wei"))], learned);
        var made = Assert.Single(decision.Persons).Outcome;

        Assert.EndsWith("+7", decision.RuleVersion, StringComparison.Ordinal);
        Assert.NotEqual(
            BitsOf("familyName", "Chen", "Wei"),
            made.Evidence.Traits.Single(trait => trait.Trait == "familyName").Bits
        );
        Assert.Equivalent(made, Decide.Redecide(made, Parameters.Default), strict: true);
    }

    private static string Upper(string name) => name.ToUpperInvariant();

    private static double Together(string given, string family) =>
        Population.Default.ShareOf("familyName", Upper(family))!.Value
        * Population.Default.ShareOfGiven(Upper(given), [Upper(family)])!.Value;

    private static NameCounts Attended(params (string Family, string Given, int Times)[] people)
    {
        var counts = new NameCounts();
        foreach (var (family, given, times) in people)
        {
            for (var i = 0; i < times; i++)
            {
                counts.Count(
                    Person.From(new() { Identifier = NoNumber, Names = [new(NameUse.Usual, family, [given])] })
                );
            }
        }

        return counts;
    }

    private static double PosteriorOf(string family, string given) =>
        Decided(Named(family, given), OnAPlan(Named(family, given))).Persons[0].Outcome.Evidence.Posterior;

    private static double BitsOf(string trait, string family, string given) =>
        Bits(family, given, Parameters.Default).Single(evidence => evidence.Trait == trait).Bits;

    private static IReadOnlyList<TraitEvidence> Bits(
        string family,
        string given,
        Parameters parameters,
        string? written = null
    ) =>
        Decide
            .From(Person.From(Named(family, written ?? given)), [OnAPlan(Named(family, given))], parameters)
            .Persons[0]
            .Outcome.Evidence.Traits;

    private static PersonTraits Named(string family, string given) =>
        Traits with
        {
            Identifier = NoNumber,
            Names = [new(NameUse.Usual, family, [given])],
            Postcodes = [],
            Phones = [],
        };
}
