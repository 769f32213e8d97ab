using System.Text.RegularExpressions;

namespace Safeguarding.PlanRegistry.Councils;

/// <summary>
/// GSS codes of English local authorities: unitary E06, district E07, metropolitan E08, London E09, county
/// E10.
/// </summary>
internal static partial class CouncilCode
{
    public static bool IsValid(string code) => Gss().IsMatch(code);

    [GeneratedRegex(@"\AE(06|07|08|09|10)[0-9]{6}\z")]
    private static partial Regex Gss();
}
