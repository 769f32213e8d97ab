using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Contracts;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Lookups;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Plans;

namespace Safeguarding.PlanRegistry.Lookups;

/// <summary>The body of <c>POST /lookups</c>: a body, because no URL may hold an NHS number or a name.</summary>
/// <param name="NhsNumber">Of the child, or of the mother of an unborn child.</param>
/// <param name="Traits">Instead of the number, where it is not known.</param>
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
internal sealed record LookupRequest(
    string? NhsNumber,
    TraitsDocument? Traits,
    string? Purpose,
    bool? Scheduled,
    string? Reason
);

/// <summary>A person asks whether a child is on a plan, and whom to ring.</summary>
internal static class PostLookup
{
    public static async Task<Results<Ok<LookupAnswer>, ProblemHttpResult>> Handle(
        LookupRequest request,
        Caller caller,
        LookUp lookUp,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var decision = DecideLookup.Decide(caller, request.Scheduled, request.Purpose, request.Reason);
        if (decision is LookupDecision.Refused { Error: var error })
        {
            return Refusal.Problem(
                error.Forbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest,
                error.Code,
                error.Detail,
                new FieldError(error.Field, error.Detail)
            );
        }

        var allowed = (LookupDecision.Allowed)decision;
        if (request.Traits is { } traits)
        {
            return request.NhsNumber is null
                ? await ByTraitsAsync(traits, allowed, caller, lookUp, clock.Today(), cancellationToken)
                : Invalid(
                    "number-and-traits",
                    "traits",
                    "Look up by the NHS number or by traits, not by both: the number is enough."
                );
        }

        return NhsNumber.TryParse(request.NhsNumber, out var number)
            ? TypedResults.Ok(await lookUp.ByNumberAsync(number, allowed, caller, cancellationToken))
            : SearchPlans.NumberInvalid();
    }

    private static async Task<Results<Ok<LookupAnswer>, ProblemHttpResult>> ByTraitsAsync(
        TraitsDocument document,
        LookupDecision.Allowed allowed,
        Caller caller,
        LookUp lookUp,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        // A use of break-glass is of one child, whom traits alone do not name.
        if (allowed.Reason is not null)
            return Invalid("break-glass-needs-number", "nhsNumber", "With break-glass, look up by the NHS number.");
        var errors = new ValidationErrors();
        if (ValidateTraits.From(document, today, errors) is not { } traits)
            return errors.ToProblem();
        return await lookUp.ByTraitsAsync(traits, allowed, caller, cancellationToken) is { } answer
            ? TypedResults.Ok(answer)
            : Invalid(
                "birth-date-too-common",
                "traits.birthDate",
                "Too many children on plans have this date of birth. Look up by the NHS number."
            );
    }

    private static ProblemHttpResult Invalid(string code, string field, string words) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, words, new FieldError(field, words));
}
