using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.People;

/// <summary>The body of <c>POST /sessions/end</c>.</summary>
/// <param name="Person">Whose, as the list has it. It stands in no address.</param>
/// <param name="Reason">Why, at most 500 characters; it is sealed in the audit.</param>
internal sealed record PersonsSessionsEnding(string? Person, string? Reason);

/// <param name="Ended">How many.</param>
internal sealed record EndedSessions(int Ended);

/// <summary>Ends all open sessions of one person: in the caller's organisation, or for an operator in all.</summary>
internal static class EndSessionsOfPerson
{
    public static async Task<Results<Ok<EndedSessions>, ProblemHttpResult>> Handle(
        PersonsSessionsEnding request,
        Caller caller,
        Sessions sessions,
        IdentityDb db,
        RecordActs acts,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(request.Person))
            return EndSession.Invalid("person-missing", "person", "Say in person whose sessions, as the list does.");
        if (EndSession.Validate(request.Reason) is { } refused)
            return refused;
        var ended = await EndSession.EndAsync(
            db,
            acts,
            caller,
            request.Reason!,
            () => sessions.EndOpenAsync(null, request.Person, SessionRoutes.OrganisationOf(caller), cancellationToken),
            cancellationToken
        );
        return ended > 0 ? TypedResults.Ok(new EndedSessions(ended)) : Refusal.NotFound();
    }
}
