using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.BreakGlass;

namespace Safeguarding.PlanRegistry.BreakGlass;

/// <summary>Why a use of break-glass is not seconded or judged, as it is answered.</summary>
internal static class BreakGlassRefusal
{
    public static ProblemHttpResult Of(BreakGlassError error) =>
        error switch
        {
            BreakGlassError.SamePerson => Refusal.Problem(
                StatusCodes.Status403Forbidden,
                "another-person-needed",
                "This takes a person who has had no part in it."
            ),
            BreakGlassError.SecondedAlready => Refusal.Problem(
                StatusCodes.Status409Conflict,
                "seconded-already",
                "A colleague has already confirmed this use."
            ),
            BreakGlassError.Over => Refusal.Problem(
                StatusCodes.Status409Conflict,
                "break-glass-over",
                "The half hour is over. Whoever still needs to look begins again."
            ),
            _ => Refusal.Problem(
                StatusCodes.Status409Conflict,
                "judged-already",
                "This use has already been reviewed."
            ),
        };
}
