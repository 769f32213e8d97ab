using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;
using Safeguarding.Identity.Audit;

namespace Safeguarding.Identity.People;

/// <summary>Who is signed in, for those who may end it.</summary>
internal static class SessionRoutes
{
    private const string Scope = "session.end";
    private const string OfAnyOrganisation = "ops";

    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/sessions").RequireScope(Scope).WithTags("Sessions");
        sessions
            .MapGet("", ListSessions.Handle)
            .Audits("session.list")
            .WithSummary("Who is signed in, in your organisation; an operator sees all");
        sessions
            .MapPost("/{id:guid}/end", EndSession.Handle)
            .AuditsEach(RecordActs.SessionEnded)
            .WithSummary("End one session: no service takes its tokens any more within a minute");
        sessions
            .MapPost("/end", EndSessionsOfPerson.Handle)
            .AuditsEach(RecordActs.SessionEnded)
            .AnswersWith(StatusCodes.Status404NotFound)
            .WithSummary("End all sessions of one person; the client and the role stay as they are");
    }

    /// <summary>Whose sessions the caller sees and ends; of all where null.</summary>
    public static string? OrganisationOf(Caller caller) =>
        caller.Scopes.Contains(OfAnyOrganisation) ? null : caller.Organisation;
}
