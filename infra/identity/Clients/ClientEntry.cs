using System.Text.RegularExpressions;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.Clients;

/// <summary>One entry of the clients file, as written.</summary>
internal sealed partial record ClientEntry(
    string? Id,
    string? Organisation,
    List<string>? Scopes,
    KeySetEntry? Jwks,
    string? Secret,
    bool Disabled
)
{
    private const int ShortestSecret = 16;

    public string? WhatIsWrong()
    {
        if (Id is null || !IdShape().IsMatch(Id))
            return "\"id\" must be 1 to 64 letters, digits, dots, dashes or underscores.";
        if (Organisation is null || !OrganisationShape().IsMatch(Organisation))
            return "\"organisation\" must be an ODS, GSS or force code.";
        if (Scopes is not { Count: > 0 })
            return "\"scopes\" must name at least one scope.";
        if (HubRoles.WhyNotForSystem(Organisation, Scopes) is { } refused)
            return refused;
        if ((Jwks is null) == (Secret is null))
            return "it needs either \"jwks\" or \"secret\".";
        if (Secret is { Length: < ShortestSecret })
            return $"\"secret\" must have at least {ShortestSecret} characters.";
        return Jwks?.WhatIsWrong();
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex IdShape();

    [GeneratedRegex("^[A-Z0-9]{1,12}$", RegexOptions.CultureInvariant)]
    private static partial Regex OrganisationShape();
}
