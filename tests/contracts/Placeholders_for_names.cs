using Safeguarding.Contracts.Persons;

namespace Safeguarding.Contracts.Tests;

/// <summary>What is written where a name is not known, beside names that look a little like it.</summary>
public sealed class Placeholders_for_names
{
    [Theory]
    [InlineData("TBC")]
    [InlineData("TBA")]
    [InlineData("N/A")]
    [InlineData("XX")]
    [InlineData("Xxxxx")]
    [InlineData("aaa")]
    [InlineData("Not Stated")]
    [InlineData("NotStated")]
    [InlineData("Refused")]
    [InlineData("Withheld")]
    [InlineData("No Name")]
    [InlineData("Redacted")]
    [InlineData("NN")]
    [InlineData("unknown")]
    [InlineData("Unknown 3")]
    [InlineData("Not yet known")]
    [InlineData("To be confirmed")]
    [InlineData("Name not given")]
    [InlineData("Unidentified patient")]
    [InlineData("Unknown Male")]
    [InlineData("Forename")]
    [InlineData("-")]
    [InlineData("???")]
    [InlineData("123")]
    [InlineData(" ")]
    public void Are_no_names_in_both_boxes_and_none_in_one(string text)
    {
        Assert.True(NamePlaceholders.IsPlaceholder(new PersonName(NameUse.Usual, text, [text])));
        Assert.True(NamePlaceholders.IsPlaceholder(text));
    }

    [Theory]
    [InlineData("Surname", "Forename")]
    [InlineData("Patient", "Test")]
    [InlineData("Test", "Test")]
    [InlineData("Doe", "John")]
    [InlineData("Bloggs", "Joe")]
    [InlineData("Other", "A N")]
    [InlineData("Patient", "Unidentified")]
    [InlineData("Unknown", "TBC")]
    [InlineData("Zyx", "Zyx")]
    [InlineData("Qzrt", "Bcdf")]
    [InlineData("Male", "Unknown")]
    [InlineData("Name", "No")]
    public void Are_no_names_together(string family, string given) =>
        Assert.True(NamePlaceholders.IsPlaceholder(new PersonName(NameUse.Usual, family, [given])));

    [Theory]
    [InlineData("Ng", "Wei")]
    [InlineData("Oo", "Aung")]
    [InlineData("Rhys", "Glyn")]
    [InlineData("Llwyd", "Bryn")]
    [InlineData("Li", "Na")]
    [InlineData("Na", "Hana")]
    [InlineData("Null", "Peter")]
    [InlineData("Doe", "Sarah")]
    [InlineData("Boy", "Sarah")]
    [InlineData("Child", "Lee")]
    [InlineData("Test", "Agnes")]
    [InlineData("Uddin", "Md")]
    [InlineData("Sumner", "JJ")]
    [InlineData("حسن", "محمد")]
    [InlineData("Nguyễn", "Ý")]
    [InlineData("Trần", "Minh")]
    [InlineData("O'Brien", "Siân")]
    [InlineData("Wójcik", "Łukasz")]
    [InlineData("Smith", "Baby")]
    [InlineData("Dunstable", "Twin 1 of Sarah")]
    [InlineData("Marchbanks", "FI")]
    [InlineData("Young", "Will")]
    [InlineData("New", "Temperance")]
    [InlineData("Ali", "Mohamed Ali")]
    public void Names_are_kept(string family, string given) =>
        Assert.False(NamePlaceholders.IsPlaceholder(new PersonName(NameUse.Usual, family, [given])));

    [Theory]
    [InlineData("Nguyen")]
    [InlineData("Beat")]
    [InlineData("Asher")]
    [InlineData("Tobe")]
    [InlineData("Girling")]
    [InlineData("Givens")]
    [InlineData("Namer")]
    [InlineData("Baby of Sarah")]
    [InlineData("Md")]
    [InlineData("Srb")]
    [InlineData("Mnh")]
    [InlineData("JJ")]
    public void One_name_is_kept(string text) => Assert.False(NamePlaceholders.IsPlaceholder(text));
}
