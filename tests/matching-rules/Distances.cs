using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>Without a number, homes far apart weigh by how seldom families move so far.</summary>
public sealed class Distances
{
    [Theory]
    [InlineData("LS8 4HQ", "LS8 4HQ", "equal")]
    [InlineData("LS8 4HQ", "BD1 1AA", "different")]
    [InlineData("LS8 4HQ", "M1 1AA", "different")]
    [InlineData("LS8 4HQ", "TR1 2QX", "farAway")]
    [InlineData("LS8 4HQ", "NE1 4QX", "farAway")]
    [InlineData("E14 6QX", "SW9 1QX", "different")]
    [InlineData("EC1A 1BB", "M1 1AA", "farAway")]
    // One of several homes is near, or a former one is the same.
    [InlineData("LS8 4HQ;TR1 2QX", "TR9 1QX", "different")]
    [InlineData("LS8 4HQ;TR1 2QX", "M1 1AA;CT17 8QX", "different")]
    [InlineData("LS8 4HQ;TR1 2QX", "NE1 4QX;CT17 8QX", "farAway")]
    // Of no area that is known nothing is said.
    [InlineData("LS8 4HQ", "QQ1 2QX", "different")]
    [InlineData("LS8 4HQ", "75008", "different")]
    public void Are_measured_where_no_number_agrees(string ours, string theirs, string level)
    {
        Assert.Equal(level, LevelOf(ours, theirs, NoNumber));
        Assert.Equal(level == "farAway" ? "different" : level, LevelOf(ours, theirs, Traits.Identifier));
        Assert.Equal(level, LevelOf(theirs, ours, NoNumber));
    }

    [Fact]
    public void Make_a_namesake_less_likely_and_a_true_child_still_a_question()
    {
        Assert.True(PosteriorOf("TR1 2QX") < PosteriorOf("M1 1AA"));
        Assert.True(PosteriorOf("TR1 2QX") > Parameters.Default.Costs.ReviewAt);
    }

    [Fact]
    public void Of_every_area_of_England_are_known()
    {
        string[] areas =
        [
            .. (
                "AL B BA BB BD BH BL BN BR BS CA CB CH CM CO CR CT CV CW DA DE DH DL DN DT DY E EC EN EX FY GL GU HA HD "
                + "HG HP HR HU HX IG IP KT L LA LE LN LS LU M ME MK N NE NG NN NR NW OL OX PE PL PO PR RG RH RM S SE SG SK "
                + "SL SM SN SO SP SR SS ST SW SY TA TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO"
            ).Split(' '),
        ];

        Assert.All(areas, area => Assert.True(Kilometres($"{area}1 1AA", "B1 1AA") < 460));
        Assert.Equal(0, Kilometres("LS1 1AA", "LS29 9ZZ"));
        Assert.InRange(Kilometres("LS1 1AA", "SW1A 1AA")!.Value, 250, 300);
    }

    private static double? Kilometres(string left, string right) =>
        PostcodeAreas.Between(Postcode.From(left)!, Postcode.From(right)!);

    private static string? LevelOf(string ours, string theirs, PersonIdentifier identifier) =>
        Decided(Living(ours, identifier), OnAPlan(Living(theirs, identifier)))
            .Persons[0]
            .Outcome.Evidence.Traits.Single(trait => trait.Trait == "postcode")
            .Level;

    private static double PosteriorOf(string postcode) =>
        Decided(Living(postcode, NoNumber), OnAPlan(Living("LS8 4HQ", NoNumber))).Persons[0].Outcome.Evidence.Posterior;

    private static PersonTraits Living(string postcodes, PersonIdentifier identifier) =>
        Traits with
        {
            Identifier = identifier,
            Postcodes = [.. postcodes.Split(';').Select(text => new PersonPostcode(text))],
            Phones = [],
        };
}
