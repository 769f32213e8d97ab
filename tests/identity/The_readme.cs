using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.Tests;

public sealed class The_readme
{
    [Fact]
    public void It_lists_every_scope_that_a_system_can_have()
    {
        var readme = File.ReadAllText(
            Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "infra", "identity", "README.md")
        );
        var list = Regex.Match(readme, @"Scopes: ((`[a-z.]+`\s*)+)").Groups[1].Value;

        Assert.Equal(
            HubRoles
                .Scopes.Where(scope => !scope.OnlyPeople)
                .Select(scope => scope.Scope)
                .Order(StringComparer.Ordinal),
            Regex.Matches(list, "[a-z.]+").Select(scope => scope.Value).Order(StringComparer.Ordinal)
        );
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
