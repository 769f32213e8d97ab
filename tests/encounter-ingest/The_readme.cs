using System.Globalization;
using System.Reflection;
using System.Text;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class The_readme
{
    [Fact]
    public void It_lists_every_code_as_it_is()
    {
        var table = new StringBuilder();
        foreach (var field in typeof(IssueKind).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.GetValue(null) is IssueKind kind)
                table.Append(CultureInfo.InvariantCulture, $"| `{kind.Code}` | {kind.Status} | {kind.Text} |\n");
        }

        var readme = File.ReadAllText(Path.Combine(Repository.Root, "docs", "integrators", "trusts.md"));
        Assert.True(
            readme.Contains(table.ToString(), StringComparison.Ordinal),
            "Put this table into docs/integrators/trusts.md:\n" + table
        );
    }
}
