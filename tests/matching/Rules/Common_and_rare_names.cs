using Safeguarding.Contracts.Persons;
using Safeguarding.MatchFiles.Estimation;
using Safeguarding.Matching.Rules;
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
    public void A_name_of_few_bearers_stays_at_the_floor_and_out_of_the_document()
    {
        var population = Attended(("Quillfeather", "Zebedee", 4), ("Ashgrove", "Robyn", 600))
            .Into(Population.Default, "counted", "a test");

        Assert.Equal(population.Shares["familyName"].Floor, population.ShareOf("familyName", "QUILLFEATHER"));
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
