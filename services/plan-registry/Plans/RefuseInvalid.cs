using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>How a single request is answered that says something invalid.</summary>
internal static class RefuseInvalid
{
    /// <summary>400 with the code of the first fault and all of them by field.</summary>
    public static ProblemHttpResult ToProblem(this ValidationErrors errors) =>
        Refusal.Problem(
            StatusCodes.Status400BadRequest,
            errors.All[0].Code,
            errors.All[0].Words,
            [.. errors.All.Select(fault => new FieldError(fault.Field?.Json ?? "", fault.Words))]
        );
}
