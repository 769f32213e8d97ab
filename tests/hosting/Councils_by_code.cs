using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Organisations;

namespace Safeguarding.Hosting.Tests;

/// <summary>The file of councils that ships with the hub.</summary>
public sealed class Councils_by_code
{
    [Fact]
    public void Each_council_is_in_it_and_one_that_ended_leads_to_one_that_is()
    {
        var lines = File.ReadAllLines(
            Path.Combine(TestKit.Repository.Root, "infra/hosting/Organisations/councils.csv")
        );
        var councils = lines.Skip(1).Select(line => Councils.Find(line.Split(',')[0])!).ToList();
        var (now, ended) = (
            councils.Where(council => council.EndedOn is null).ToList(),
            councils.Where(council => council.EndedOn is not null).ToList()
        );

        Assert.Equal(153, now.Count);
        Assert.All(councils, council =>
        {
            Assert.Equal(OrganisationKind.Council, OrganisationKinds.Of(council.Code));
            Assert.NotEmpty(council.Name);
            Assert.NotEmpty(council.ShortName);
        });
        Assert.All(now, council => Assert.Null(Councils.WhyNotInUse(council.Code)));
        Assert.NotEmpty(ended);
        Assert.All(ended, council =>
        {
            Assert.NotEmpty(council.Successors);
            Assert.All(council.Successors, code => Assert.Null(Councils.Find(code)!.EndedOn));
        });
        Assert.All(now.SelectMany(council => council.FormerCodes), code =>
            Assert.NotEqual(code, Councils.Find(code)!.Code)
        );
    }

    [Theory]
    [InlineData("E06000028", "Bournemouth Borough Council (E06000028) ended on 31 March 2019. Use E06000058")]
    [InlineData("E10000009", "Use E06000059 (Dorset Council) or E06000058")]
    [InlineData("E08000020", "E08000020 is a former code of Gateshead Metropolitan Borough Council. Use E08000037.")]
    [InlineData("E07000123", "E07000123 is a district, which has no children's services.")]
    public void A_code_that_is_not_in_use_is_said_with_the_one_to_use(string code, string says) =>
        Assert.Contains(says, Councils.WhyNotInUse(code), StringComparison.Ordinal);

    [Theory]
    [InlineData("E08999901")]
    [InlineData("RZ1")]
    [InlineData("HUB")]
    public void Of_a_code_that_the_file_does_not_have_nothing_is_said(string code) =>
        Assert.Equal((null, null), (Councils.Find(code), Councils.WhyNotInUse(code)));
}
