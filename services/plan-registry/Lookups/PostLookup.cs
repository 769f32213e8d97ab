using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Lookups;

namespace Safeguarding.PlanRegistry.Lookups;

/// <summary>The body of <c>POST /lookups</c>: a body, because no URL may hold an NHS number.</summary>
/// <param name="NhsNumber">Of the child, or of the mother of an unborn child.</param>
/// <param name="Purpose">
/// <c>direct-care</c> (trusts: the patient is in your care), <c>child-protection</c>, or <c>break-glass</c> where it is
/// neither: with a reason, which a privacy officer of your organisation judges.
/// </param>
/// <param name="Scheduled">
/// True in scheduled care: the look-up is silent. Absent means unscheduled, but for a role that makes scheduled
/// look-ups alone.
/// </param>
/// <param name="Reason">With <c>break-glass</c> alone: why, in 10 to 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LookupRequest(string? NhsNumber, string? Purpose, bool? Scheduled, string? Reason);

/// <summary>A person asks whether a child is on a plan, and whom to ring.</summary>
internal static class PostLookup
{
    public static async Task<Results<Ok<LookupAnswer>, ProblemHttpResult>> Handle(
        LookupRequest request,
        Caller caller,
        LookUp lookUp,
        CancellationToken cancellationToken
    )
    {
        var decision = DecideLookup.Of(caller, request.Scheduled, request.Purpose, request.Reason);
        if (decision is LookupDecision.Refused { Fault: var fault })
        {
            return Refusal.Problem(
                fault.Forbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest,
                fault.Code,
                fault.Detail,
                new FieldError(fault.Field, fault.Detail)
            );
        }

        return NhsNumber.TryParse(request.NhsNumber, out var number)
            ? TypedResults.Ok(
                await lookUp.ByNumberAsync(number, (LookupDecision.Allowed)decision, caller, cancellationToken)
            )
            : SearchPlans.NumberInvalid();
    }
}
