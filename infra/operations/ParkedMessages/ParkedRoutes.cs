using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Operations.ParkedMessages;

/// <summary>
/// An operator's view of parked messages: list without bodies, replay one or many with a reason, each replay
/// audited.
/// </summary>
internal static class ParkedRoutes
{
    public static void MapParkedMessages(this IEndpointRouteBuilder app)
    {
        var parked = app.MapGroup("/ops/parked").RequireScope("ops").WithTags("Operations");
        parked.MapGet("", List).Audits("parked.list").WithSummary("List parked messages, without their bodies");
        parked
            .MapPost("/{id:guid}/replay", Replay)
            .Audits("parked.replay")
            .WithSummary("Replay a parked message")
            .AnswersWith(StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity);
        parked
            .MapPost("/replay", ReplayManyParked.Handle)
            .Audits("parked.replay.ask")
            .WithSummary("Replay the parked messages of a consumer, a type or a time range")
            .WithDescription("A dry run counts first; expect must then name its count, else 409 count-differs.")
            .AnswersWith(StatusCodes.Status409Conflict);
    }

    internal static void Audited(MessagingDbContext db, Caller caller, Guid id, string reason) =>
        ((HubDbContext)db).Audit(caller, "parked.replay", id, reason);

    internal sealed record ReplayRequest(string? Reason);

    private static async Task<Ok<List<ParkedItem>>> List(
        HubDbContext db,
        CancellationToken cancellationToken,
        int limit = 100,
        bool replayed = false
    ) =>
        TypedResults.Ok(
            await db.Set<ParkedMessage>()
                .Where(message => replayed || message.ReplayedAt == null)
                .OrderBy(message => message.Id)
                .Take(Math.Clamp(limit, 1, 1000))
                .Select(message => new ParkedItem(
                    message.Id,
                    message.Consumer,
                    message.EventType,
                    message.EventId,
                    message.Reason,
                    message.ExceptionType,
                    message.ParkedAt,
                    message.ReplayedAt
                ))
                .ToListAsync(cancellationToken)
        );

    private static async Task<Results<NoContent, ProblemHttpResult>> Replay(
        Guid id,
        ReplayRequest request,
        Caller caller,
        HubDbContext db,
        ReplayParkedMessage replay,
        CancellationToken cancellationToken
    )
    {
        if (request.Reason is not { } reason || string.IsNullOrWhiteSpace(reason))
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "reason-missing",
                "A replay needs a reason.",
                new FieldError("reason", "is missing")
            );
        }

        if (!await db.Set<ParkedMessage>().AnyAsync(parked => parked.Id == id, cancellationToken))
            return Refusal.NotFound();
        return await replay.RunAsync(id, db => Audited(db, caller, id, reason), cancellationToken) switch
        {
            ReplayOutcome.TakenBefore => Refusal.Problem(
                StatusCodes.Status409Conflict,
                "already-replayed",
                "This message has been replayed."
            ),
            ReplayOutcome.NotReplayable => Refusal.Problem(
                StatusCodes.Status422UnprocessableEntity,
                "not-replayable",
                "The message cannot be read by this version of the service."
            ),
            _ => TypedResults.NoContent(),
        };
    }
}

internal sealed record ParkedItem(
    Guid Id,
    string Consumer,
    string? EventType,
    Guid? EventId,
    string Reason,
    string? ExceptionType,
    DateTimeOffset ParkedAt,
    DateTimeOffset? ReplayedAt
);
