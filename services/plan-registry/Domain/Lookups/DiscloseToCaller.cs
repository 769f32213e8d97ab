using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.BreakGlass;

namespace Safeguarding.PlanRegistry.Domain.Lookups;

/// <summary>How much of a plan a look-up shows.</summary>
internal enum Disclosure
{
    /// <summary>As where there is no plan.</summary>
    Nothing,

    /// <summary>That there is one, and whom to ring.</summary>
    WhomToRing,

    /// <summary>Kind and dates too.</summary>
    Plan,
}

/// <summary>Decides what a look-up shows to whom. Pure.</summary>
internal static class DiscloseToCaller
{
    /// <summary>Of one plan.</summary>
    /// <param name="organisation">The caller's.</param>
    /// <param name="council">Whose plan it is.</param>
    /// <param name="restricted">Whether any council has restricted a plan of this child.</param>
    /// <param name="broken">By how many the glass is broken: of a restricted child one is not enough.</param>
    // To the police a restricted child looks like any other that is unknown. A council sees of another's plan whom to
    // ring.
    public static Disclosure Decide(string organisation, string council, bool restricted, GlassBroken broken)
    {
        var ordinary = OrganisationKinds.Of(organisation) switch
        {
            OrganisationKind.Trust => restricted ? Disclosure.WhomToRing : Disclosure.Plan,
            OrganisationKind.Council => organisation == council ? Disclosure.Plan : Disclosure.WhomToRing,
            OrganisationKind.Police => restricted ? Disclosure.Nothing : Disclosure.WhomToRing,
            _ => Disclosure.Nothing,
        };
        var opens = broken is GlassBroken.ByTwo || (broken is GlassBroken.ByOne && !restricted);
        return opens && ordinary < Disclosure.Plan ? ordinary + 1 : ordinary;
    }

    /// <summary>
    /// Who looked before. It says where the child was, so of a restricted child nobody is shown it, and a council
    /// reads what concerns its plans at <c>GET /lookups</c>.
    /// </summary>
    public static bool History(string organisation, bool restricted) =>
        !restricted && OrganisationKinds.Of(organisation) is OrganisationKind.Trust;
}
