using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// A pair for each level that a plan and an encounter can show by themselves. Written <c>number, given names, family
/// name, birth date, sex, postcode, phone, mother's number, mother's given name, mother's family name</c>; a number
/// that begins with ? was not checked, one with a code and a colon has that status.
/// </summary>
public sealed class Levels_of_each_trait
{
    // What needs more than a pair has tests of its own: other plans of the home, three families, the day of the
    // encounter, a mother's unborn child.
    private static readonly HashSet<string> Elsewhere =
    [
        "identifier housemates",
        "identifier superseded",
        "postcode communal",
        "phone communal",
        "phone housemates",
        "birthDate adult",
        "expectedDate inWindow",
        "expectedDate different",
    ];

    public static TheoryData<string, string, string> Pairs =>
        new()
        {
            { "identifier equal", "9434765919", "9434765919" },
            { "identifier mothers", "9434765919", "9434765870,,,,,,,9434765919" },
            { "identifier oneEdit", "?9434765919", "?9434765918" },
            { "identifier twoEdits", "?9434765919", "?9434765988" },
            { "identifier different", "9434765919", "9434765870" },
            { "numberStatus verified", "01:9434765919", "9434765919" },
            { "numberStatus untraced", "02:9434765919", "9434765919" },
            { "numberStatus untraced", "03:9434765919", "9434765919" },
            { "numberStatus untraced", "06:9434765919", "9434765919" },
            { "numberStatus untraced", "07:9434765919", "9434765919" },
            { "numberStatus untraced", "08:9434765919", "9434765919" },
            { "numberStatus disputed", "04:9434765919", "9434765919" },
            { "numberStatus disputed", "05:9434765919", "9434765919" },
            { "numberStatus verifiedAnothers", "01:9434765919", "9434765870,,,,,,,9434765919" },
            { "numberStatus untracedOther", "02:9434765919", "9434765870" },
            { "numberStatus disputedOther", "05:9434765919", "9434765870" },
            { "familyName equal", ",,Hart", ",,Hart" },
            { "familyName shared", ",,Hart-Okafor", ",,Okafor" },
            { "familyName swapped", ",Hart,Robyn", ",Robyn,Hart" },
            { "familyName close", ",,Sheikh", ",,Shaikh" },
            { "familyName alike", ",,Chowdhury", ",,Choudhary" },
            { "familyName sound", ",,Lau", ",,Liao" },
            { "familyName different", ",,Hart", ",,Okafor" },
            { "givenName equal", ",Robyn", ",Robyn" },
            { "givenName swapped", ",Hart,Robyn", ",Robyn,Hart" },
            { "givenName prefix", ",Lilly-Rose", ",Lilly" },
            { "givenName nickname", ",Liz", ",Elizabeth" },
            { "givenName shared", ",Robyn Ann", ",Robyn Kim" },
            { "givenName close", ",Robyn", ",Robin" },
            { "givenName likeName", ",Hayden", ",Jayden" },
            // Begin alike, are both counted, and no list has them as one name.
            { "givenName likeName", ",Millie", ",Mollie" },
            { "givenName likeName", ",Hart,Hayden", ",Jayden,Hart" },
            { "familyName swapped", ",Hart,Hayden", ",Jayden,Hart" },
            { "givenName close", ",Hart,Robin", ",Robyn,Hart" },
            { "givenName close", ",Hart,Mohammed", ",Mohammed Yahya,Hart" },
            { "givenName swapped", ",Okafr,Robyn", ",Robyn Ann,Okafor" },
            { "familyName swapped", ",Okafr,Robyn", ",Robyn Ann,Okafor" },
            { "givenName alike", ",Cali", ",Calista" },
            { "givenName sound", ",Shaun", ",Sian" },
            { "givenName initial", ",R", ",Robyn" },
            { "givenName anotherInUse", ",Mohammed Adam", ",Mohammed Bilal" },
            { "givenName different", ",Robyn", ",Samson" },
            { "birthDate equal", ",,,2012-05-06", ",,,2012-05-06" },
            { "birthDate swapped", ",,,2012-05-06", ",,,2012-06-05" },
            { "birthDate dayApart", ",,,2012-05-31", ",,,2012-06-01" },
            { "birthDate oneDigit", ",,,2012-05-06", ",,,2012-05-08" },
            { "birthDate twoParts", ",,,2012-05-06", ",,,2012-05-17" },
            { "birthDate twoDigits", ",,,2012-05-06", ",,,2012-06-08" },
            { "birthDate yearOnly", ",,,2012-01-01", ",,,2012-01-01" },
            { "birthDate different", ",,,2012-05-06", ",,,2009-11-27" },
            { "birthDate generation", ",,,2012-05-06", ",,,1994-11-27" },
            { "birthOrder equal", ",Twin 1", ",Twin I" },
            { "birthOrder different", ",Twin 1", ",Twin 2" },
            { "sex equal", ",,,,female", ",,,,female" },
            { "sex different", ",,,,female", ",,,,male" },
            { "postcode equal", ",,,,,LS8 4HQ", ",,,,,LS84HQ" },
            { "postcode oneEdit", ",,,,,LS8 4HQ", ",,,,,LS8 4HR" },
            { "postcode sector", ",,,,,LS8 4HQ", ",,,,,LS8 4AB" },
            { "postcode outcode", ",,,,,LS8 4HQ", ",,,,,LS8 1AB" },
            { "postcode different", ",,,,,LS8 4HQ", ",,,,,BD1 1AA" },
            { "postcode farAway", ",,,,,LS8 4HQ", ",,,,,TR1 1AA" },
            { "phone equal", ",,,,,,07700900123", ",,,,,,+44 7700 900123" },
            { "phone oneEdit", ",,,,,,07700900123", ",,,,,,07700900124" },
            { "phone different", ",,,,,,07700900123", ",,,,,,07700900999" },
            { "mother number", ",,,,,,,9434765919", ",,,,,,,9434765919" },
            { "mother names", ",,,,,,,,Adaeze,Hart", ",,,,,,,,Adaeze,Hart" },
            { "mother givenName", ",,,,,,,,Adaeze", ",,,,,,,,Adaeze,Hart" },
            { "mother different", ",,,,,,,,Adaeze,Hart", ",,,,,,,,Beatrix,Lomond" },
        };

    [Theory, MemberData(nameof(Pairs))]
    public void Is_found_by_its_pair(string level, string ours, string theirs)
    {
        var seen = Compare.Persons(Of(ours), Of(theirs), Parameters.Default);

        Assert.Contains(level, seen.Select(observation => $"{observation.Trait} {observation.Level}"));
    }

    [Fact]
    public void Has_a_pair_or_a_test_of_its_own()
    {
        var inFiles = new[] { "address", "place", "email", "text" };
        var known = Parameters
            .Default.Traits.Where(trait => !inFiles.Contains(trait.Key))
            .SelectMany(trait => trait.Value.Levels.Select(level => $"{trait.Key} {level.Level}"));

        Assert.Equal(known.Order(), Pairs.Select(pair => pair.Data.Item1).Distinct().Concat(Elsewhere).Order());
    }

    [Theory]
    [InlineData("9434765919", "9434765919")]
    [InlineData("01:9434765919", "9434765870")]
    [InlineData("02:9434765919", "9434765870,,,,,,,9434765919")]
    [InlineData("04:9434765919", "9434765870,,,,,,,9434765919")]
    [InlineData("04:9434765919", "")]
    [InlineData("9434765919", "04:9434765919")]
    public void Of_a_number_s_status_nothing_is_found_where_it_says_nothing(string ours, string theirs)
    {
        var seen = Compare.Persons(Of(ours), Of(theirs), Parameters.Default);

        Assert.DoesNotContain(seen, observation => observation.Trait == "numberStatus");
    }

    private static Person Of(string text)
    {
        var cells = text.Split(',', StringSplitOptions.TrimEntries);
        NhsNumberStatus? status = null;
        if (cells[0].Split(':') is [var code, var number])
            (status, cells[0]) = (NhsNumberStatusCode.Read(code), number);
        string Cell(int at) => at < cells.Length ? cells[at] : "";
        var person = Person.From(
            new()
            {
                Identifier = NumberOf(Cell(0)),
                NumberStatus = status,
                Names = [new(NameUse.Usual, Cell(2), Cell(1).Split(' '))],
                BirthDate = DateOnly.TryParse(Cell(3), System.Globalization.CultureInfo.InvariantCulture, out var born)
                    ? born
                    : null,
                Sex = Enum.TryParse<Sex>(Cell(4), ignoreCase: true, out var sex) ? sex : null,
                Postcodes = Cell(5).Length == 0 ? [] : [new(Cell(5))],
                Phones = Cell(6).Length == 0 ? [] : [Cell(6)],
                Mother =
                    cells.Length < 8
                        ? null
                        : new() { Identifier = NumberOf(Cell(7)), Names = [new(NameUse.Usual, Cell(9), [Cell(8)])] },
            }
        );
        return Cell(0).StartsWith('?') ? person with { Number = Cell(0)[1..], NumberIsChecked = false } : person;
    }

    private static PersonIdentifier NumberOf(string text) =>
        NhsNumber.TryParse(text, out var number) ? new PersonIdentifier.Known(number) : NoNumber;
}
