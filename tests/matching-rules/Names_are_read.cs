using Safeguarding.Contracts.Persons;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>Pairs of names, what the rules make of them, and why a reader of the evidence may expect that.</summary>
public sealed class Names_are_read
{
    [Theory]
    [InlineData("Robyn", "Robyn", "equal")]
    [InlineData("Robyn Ann", "Robyn", "equal")]
    [InlineData("Siân", "Sian", "equal")]
    [InlineData("محمد", "Mohammed", "nickname")]
    [InlineData("Muhammad", "Mohamed", "nickname")]
    [InlineData("Олександр", "Oleksandr", "equal")]
    [InlineData("Liz", "Elizabeth", "nickname")]
    [InlineData("Robyn", "Robin", "close")]
    [InlineData("R", "Robyn", "initial")]
    [InlineData("Mohammed Adam", "Mohammed Bilal", "anotherInUse")]
    [InlineData("Mohammed Adam", "Mohammed Ali", "anotherInUse")]
    [InlineData("Mohammed Hassan", "Mohammed Hussain", "anotherInUse")]
    [InlineData("Mohammed Hassan", "Mohammed H", "initial")]
    [InlineData("Mohammed Hassan", "Mohammed Hasan", "close")]
    [InlineData("Mohammed Zain", "Zain", "equal")]
    [InlineData("Syed Ali", "Syed Ali", "equal")]
    [InlineData("Mohammed", "Mohammed", "prefix")]
    [InlineData("Noor", "Noor", "prefix")]
    [InlineData("Mohammed", "Mohammed Zain", "prefix")]
    [InlineData("Muhammad", "Mohammed Zain", "prefix")]
    [InlineData("Abdul", "Abdul Rahman", "prefix")]
    [InlineData("Abdul Rahman", "Abdul Rahim", "anotherInUse")]
    [InlineData("Syed Musa", "Syed Yahya", "anotherInUse")]
    [InlineData("Manpreet Kaur", "Harleen Kaur", "anotherInUse")]
    [InlineData("Manpreet Kaur", "Manpreet", "equal")]
    [InlineData("Lilly-Rose", "Lilly", "prefix")]
    [InlineData("Lilly-Rose", "Lilly-Mae", "anotherInUse")]
    [InlineData("Lilly-Rose", "Lilly Rose", "equal")]
    [InlineData("Lillyrose", "Lilly-Rose", "equal")]
    [InlineData("Hayden", "Jayden", "likeName")]
    [InlineData("Bessie", "Jessie", "likeName")]
    [InlineData("Yasmin", "Jasmin", "likeName")]
    [InlineData("Bella", "Isabella", "nickname")]
    [InlineData("Robyn", "Samson", "different")]
    [InlineData("Amelia Isla", "Sophia Millie", "different")]
    public void Given_names(string ours, string theirs, string level) =>
        Assert.Equal(level, LevelOf("givenName", Named("Hart", ours), Named("Hart", theirs)));

    [Theory]
    [InlineData("O'Brien", "OBrien", "equal")]
    [InlineData("Smith-Jones", "Smith Jones", "equal")]
    [InlineData("Smith-Jones", "Jones", "shared")]
    [InlineData("Wójcik", "Wojcik", "equal")]
    [InlineData("Sheikh", "Shaikh", "close")]
    [InlineData("Chowdhury", "Choudhary", "alike")]
    [InlineData("Hart", "Okafor", "different")]
    public void Family_names(string ours, string theirs, string level) =>
        Assert.Equal(level, LevelOf("familyName", Named(ours, "Robyn"), Named(theirs, "Robyn")));

    [Theory]
    [InlineData("Baby")]
    [InlineData("Twin 1")]
    [InlineData("Baby of Sarah")]
    [InlineData("Unknown")]
    [InlineData("Infant Male")]
    public void What_is_no_name_says_nothing(string given)
    {
        var level = LevelOf("givenName", Named("Hart", given), Named("Hart", "Robyn"));
        // "Baby of Sarah" leaves the mother's name, which is not the child's.
        Assert.True(level is null or "different");
    }

    [Fact]
    public void Given_and_family_name_in_each_others_box_are_the_same_names()
    {
        Assert.Equal("swapped", LevelOf("givenName", Named("Robyn", "Hart"), Named("Hart", "Robyn")));
        Assert.Equal("swapped", LevelOf("familyName", Named("Robyn", "Hart"), Named("Hart", "Robyn")));
    }

    private static PersonTraits Named(string family, string given) =>
        Traits with
        {
            Names = [new(NameUse.Usual, family, given.Split(' '))],
        };

    private static string? LevelOf(string trait, PersonTraits ours, PersonTraits theirs) =>
        Decided(ours, OnAPlan(theirs))
            .Persons[0]
            .Outcome.Evidence.Traits.FirstOrDefault(evidence => evidence.Trait == trait)
            ?.Level;
}
