using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Messaging;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.Hosting.Inbox;

/// <summary>An operator's view of parked messages: list without bodies, replay one with a reason, each replay audited.</summary>
internal static class ParkedRoutes
{
    public static void MapParkedMessages(this IEndpointRouteBuilder app)
    {
        var parked = app.MapGroup("/ops/parked").RequireScope("ops").WithTags("Operations");
        parked.MapGet("", List);
        parked.MapPost("/{id:guid}/replay", Replay);
    }

    internal sealed record Item(
        Guid Id, string Consumer, string? EventType, Guid? EventId, string Reason, string? ExceptionType, DateTimeOffset ParkedAt, DateTimeOffset? ReplayedAt);

    internal sealed record ReplayRequest(string? Reason);

    private static async Task<Ok<List<Item>>> List(HubDbContext db, CancellationToken cancellationToken, int limit = 100, bool replayed = false) =>
        TypedResults.Ok(await db.Set<ParkedMessage>()
            .Where(message => replayed || message.ReplayedAt == null)
            .OrderBy(message => message.Id)
            .Take(Math.Clamp(limit, 1, 1000))
            .Select(message => new Item(
                message.Id, message.Consumer, message.EventType, message.EventId, message.Reason, message.ExceptionType, message.ParkedAt, message.ReplayedAt))
            .ToListAsync(cancellationToken));

    private static async Task<Results<NoContent, ProblemHttpResult>> Replay(
        Guid id, ReplayRequest request, Caller caller, HubDbContext db, ConsumerCatalogue catalogue, IServiceProvider services, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
            return Refusal.Problem(StatusCodes.Status400BadRequest, "reason-missing", "A replay needs a reason.", new FieldError("reason", "is missing"));
        var message = await db.Set<ParkedMessage>().SingleOrDefaultAsync(parked => parked.Id == id, cancellationToken);
        if (message is null)
            return Refusal.NotFound();
        if (message.ReplayedAt is not null)
            return Refusal.Problem(StatusCodes.Status409Conflict, "already-replayed", "This message has been replayed.");
        if (Read(message) is not { } pack
            || catalogue.Endpoints.FirstOrDefault(endpoint => endpoint.Events.Any(e => EventCatalogue.WireName(e) == pack.Type)) is not { } endpoint)
            return Refusal.Problem(StatusCodes.Status422UnprocessableEntity, "not-replayable", "The message cannot be read by this version of the service.");

        message.ReplayedAt = clock.GetUtcNow();
        db.Audit(caller, "parked.replay", message.Id);
        await db.SaveChangesAsync(cancellationToken);
        // If it fails again it is parked again, as a new row.
        await endpoint.Handlers(services)[pack.Type].HandleAsync(endpoint.Queue, pack, cancellationToken);
        return TypedResults.NoContent();
    }

    private static EventPack? Read(ParkedMessage message)
    {
        try
        {
            return JsonSerializer.Deserialize<EventPack>(message.Body, HubJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
