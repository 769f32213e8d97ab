using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>What no invented patient comes near.</summary>
public sealed class Edges_of_figures
{
    [Theory]
    [InlineData(1, 1, 1, true)]
    [InlineData(9999, 12, 31, true)]
    [InlineData(2024, 2, 29, true)]
    [InlineData(2023, 2, 29, false)]
    [InlineData(2024, 0, 1, false)]
    [InlineData(2024, 13, 1, false)]
    [InlineData(2024, 1, 0, false)]
    [InlineData(2024, 4, 31, false)]
    [InlineData(0, 1, 1, false)]
    [InlineData(10000, 1, 1, false)]
    public void A_birth_date_is_real_where_the_calendar_has_it(int year, int month, int day, bool real) =>
        Assert.Equal(real, new BirthDate(year, month, day).IsReal);

    // The first digits say the country: Scotland up to 31, Northern Ireland up to 39, England and Wales above.
    [Theory]
    [InlineData("01", "31", true)]
    [InlineData("31", "32", false)]
    [InlineData("32", "39", true)]
    [InlineData("39", "40", false)]
    [InlineData("40", "98", true)]
    [InlineData("98", "01", false)]
    public void Numbers_of_two_countries_are_told_apart_by_how_they_begin(string left, string right, bool one) =>
        Assert.Equal(one, CompareNumbers.AreOfOneCountry(left, right));

    [Fact]
    public void A_given_name_is_as_common_as_it_is_in_the_family_where_that_is_more()
    {
        var population = Population.Default with
        {
            GivenNamesOf = new Dictionary<string, IReadOnlyDictionary<string, double>>
            {
                ["OKONKWO"] = new Dictionary<string, double> { ["ROBYN"] = 0.25 },
            },
        };

        Assert.Equal(0.25, population.ShareOfGiven("ROBYN", ["OKONKWO"]));
    }
}
