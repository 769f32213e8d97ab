using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Operations.ParkedMessages;

/// <summary>
/// Replays the parked messages of a window, oldest first, one after another at a set pace: a dry run counts them, and
/// the replay must name that count. It lasts as long as the request, so whoever ends the request stops it between two
/// messages.
/// </summary>
internal static class ReplayManyParked
{
    private const int MostAtOnce = 1_000;
    private const int FastestPerMinute = 6_000;
    private const int UsualPerMinute = 600;

    internal static async Task<Results<Ok<ReplayManyParkedAnswer>, ProblemHttpResult>> Handle(
        ReplayManyParkedRequest request,
        Caller caller,
        HubDbContext db,
        ReplayParkedMessage replay,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (Validate(request) is { } fault)
            return fault;
        var chosen = await db.Set<ParkedMessage>()
            .Where(message =>
                message.ReplayedAt == null && message.ParkedAt >= request.From && message.ParkedAt < request.Until
            )
            .Where(message => request.Consumer == null || message.Consumer == request.Consumer)
            .Where(message => request.ParkedFor == null || message.Reason == request.ParkedFor)
            .OrderBy(message => message.Id)
            .Select(message => new
            {
                message.Id,
                message.Consumer,
                message.Reason,
            })
            .Take(request.Max ?? MostAtOnce)
            .ToListAsync(cancellationToken);
        var groups = chosen
            .GroupBy(message => (message.Consumer, message.Reason))
            .Select(group => new ReplayManyParkedGroup(group.Key.Consumer, group.Key.Reason, group.Count()))
            .ToList();
        if (request.DryRun is true)
            return TypedResults.Ok(new ReplayManyParkedAnswer(true, chosen.Count, groups, 0, 0, 0));
        if (request.Expect != chosen.Count)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "count-differs",
                $"{chosen.Count} messages fit now. Look at them by a dry run and name its count in expect.",
                new FieldError("expect", "is not the number of messages that fit")
            );
        }

        var (replayed, takenBefore, notReplayable) = (0, 0, 0);
        var pause = TimeSpan.FromMinutes(1) / (request.PerMinute ?? UsualPerMinute);
        foreach (var message in chosen)
        {
            if (cancellationToken.IsCancellationRequested)
                break;
            switch (
                await replay.RunAsync(
                    message.Id,
                    db => ParkedRoutes.Audited(db, caller, message.Id, request.Reason!),
                    CancellationToken.None
                )
            )
            {
                case ReplayOutcome.Replayed:
                    replayed++;
                    break;
                case ReplayOutcome.TakenBefore:
                    takenBefore++;
                    break;
                default:
                    notReplayable++;
                    break;
            }

            if (message != chosen[^1])
            {
                await Task.Delay(pause, clock, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return TypedResults.Ok(
            new ReplayManyParkedAnswer(false, chosen.Count, groups, replayed, takenBefore, notReplayable)
        );
    }

    private static ProblemHttpResult? Validate(ReplayManyParkedRequest request) =>
        request switch
        {
            { From: null } => Bad(
                "from-missing",
                "from must say from when on parked messages are meant.",
                "from",
                "a time"
            ),
            { Until: null } => Bad(
                "until-missing",
                "until must say up to when parked messages are meant.",
                "until",
                "a time"
            ),
            { From: var from, Until: var until } when until <= from => Bad(
                "window-empty",
                "until must be later than from.",
                "until",
                "later than from"
            ),
            { Max: < 1 or > MostAtOnce } => Bad("max-out-of-range", "max must be 1 to 1000.", "max", "1 to 1000"),
            { PerMinute: < 1 or > FastestPerMinute } => Bad(
                "rate-out-of-range",
                "perMinute must be 1 to 6000.",
                "perMinute",
                "1 to 6000"
            ),
            { DryRun: true } => null,
            { Expect: null } => Bad(
                "expect-missing",
                "Ask by a dry run first (dryRun true) and name its count in expect.",
                "expect",
                "the dry run's count"
            ),
            { Reason: var reason } when string.IsNullOrWhiteSpace(reason) => Bad(
                "reason-missing",
                "A replay needs a reason.",
                "reason",
                "is missing"
            ),
            { Reason.Length: > 200 } => Bad(
                "reason-too-long",
                "reason must have at most 200 characters.",
                "reason",
                "at most 200 characters"
            ),
            _ => null,
        };

    private static ProblemHttpResult Bad(string code, string detail, string field, string message) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, detail, new FieldError(field, message));
}

/// <param name="From">Parked at or after.</param>
/// <param name="Until">Parked before.</param>
/// <param name="Consumer">Only of this queue.</param>
/// <param name="ParkedFor">Only those parked for this: <c>unreadable</c>, <c>unknown-event</c>,
/// <c>consumer-failed</c>, <c>delivery-limit</c>.</param>
/// <param name="Max">How many at most, the oldest first; 1000 where not given.</param>
/// <param name="PerMinute">How many a minute; 600 where not given.</param>
/// <param name="DryRun">True counts and changes nothing.</param>
/// <param name="Expect">The dry run's count.</param>
/// <param name="Reason">Why; kept with the audit row of each message.</param>
internal sealed record ReplayManyParkedRequest(
    DateTimeOffset? From,
    DateTimeOffset? Until,
    string? Consumer,
    string? ParkedFor,
    int? Max,
    int? PerMinute,
    bool? DryRun,
    int? Expect,
    string? Reason
);

/// <param name="DryRun">Whether nothing was changed.</param>
/// <param name="Messages">How many fit.</param>
/// <param name="Groups">The same by queue and cause.</param>
/// <param name="Replayed">Given to their consumer again; what failed again is parked again.</param>
/// <param name="TakenBefore">Somebody else was faster.</param>
/// <param name="NotReplayable">This version of the service cannot read them; they stay parked.</param>
internal sealed record ReplayManyParkedAnswer(
    bool DryRun,
    int Messages,
    IReadOnlyList<ReplayManyParkedGroup> Groups,
    int Replayed,
    int TakenBefore,
    int NotReplayable
);

internal sealed record ReplayManyParkedGroup(string Consumer, string ParkedFor, int Messages);
