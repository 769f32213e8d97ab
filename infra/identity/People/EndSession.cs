using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.People;

/// <summary>The body of <c>POST /sessions/{id}/end</c>.</summary>
/// <param name="Reason">Why, at most 500 characters; it is sealed in the audit.</param>
internal sealed record SessionEnding(string? Reason);

/// <summary>Ends one session. One that has ended already is answered as if it had just been ended.</summary>
internal static class EndSession
{
    private const int LongestReason = 500;

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id,
        SessionEnding request,
        Caller caller,
        Sessions sessions,
        IdentityDb db,
        RecordActs acts,
        CancellationToken cancellationToken
    )
    {
        if (Validate(request.Reason) is { } refused)
            return refused;
        var (session, own) = (id.ToString("N"), SessionRoutes.OrganisationOf(caller));
        var ended = await EndAsync(
            db,
            acts,
            caller,
            request.Reason!,
            () => sessions.EndOpenAsync(session, null, own, cancellationToken),
            cancellationToken
        );
        return
            ended > 0
            || await db.Sessions.AnyAsync(
                row => row.Id == session && (own == null || row.Organisation == own),
                cancellationToken
            )
            ? TypedResults.NoContent()
            : Refusal.NotFound();
    }

    public static ProblemHttpResult? Validate(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? Invalid("reason-missing", "reason", "Say why in reason.")
        : reason.Length > LongestReason
            ? Invalid("reason-too-long", "reason", $"reason must be at most {LongestReason} characters.")
        : null;

    public static ProblemHttpResult Invalid(string code, string field, string detail) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, detail, new FieldError(field, detail));

    /// <summary>Ends sessions and says so in the audit, or does neither.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> EndAsync(
        IdentityDb db,
        RecordActs acts,
        Caller caller,
        string reason,
        Func<Task<List<Session>>> end,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ended = await end();
        foreach (var session in ended)
        {
            await acts.EndedAsync(
                caller,
                session.Id,
                session.Organisation,
                reason.Trim(),
                (NpgsqlConnection)db.Database.GetDbConnection(),
                cancellationToken
            );
        }

        await transaction.CommitAsync(CancellationToken.None);
        return ended.Count;
    }
}
