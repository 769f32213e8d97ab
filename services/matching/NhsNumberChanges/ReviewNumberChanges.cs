using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.NhsNumberChanges;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.NhsNumberChanges;

/// <summary>
/// What a cleared reviewer sees and decides of the changes that are not followed by themselves. No council and
/// no trust sees them.
/// </summary>
internal static class ReviewNumberChanges
{
    /// <param name="ChangeId">Names the change.</param>
    /// <param name="Kind">merge, split or other.</param>
    /// <param name="Restricted">The demographic record is a restricted one.</param>
    /// <param name="RestrictedPlan">It reaches a plan that its council has restricted.</param>
    /// <param name="SupersededNhsNumber">The number no longer used.</param>
    /// <param name="NhsNumber">The number used instead.</param>
    /// <param name="ChangedAt">When it was changed.</param>
    /// <param name="ReceivedAt">When the hub received it.</param>
    /// <param name="DecidedBy">Who decided, or took the following back; null where nobody did, and a merge was followed
    /// by itself.</param>
    /// <param name="Reason">Why.</param>
    internal sealed record ChangeView(
        Guid ChangeId,
        NumberChangeKind Kind,
        bool Restricted,
        bool RestrictedPlan,
        string SupersededNhsNumber,
        string NhsNumber,
        DateTimeOffset ChangedAt,
        DateTimeOffset ReceivedAt,
        string? DecidedBy,
        string? Reason
    )
    {
        /// <summary>Never the content.</summary>
        public override string ToString() => nameof(ChangeView);
    }

    /// <param name="Follow">True where both numbers are one person's.</param>
    /// <param name="Reason">Why, 1 to 500 characters.</param>
    /// <param name="Reviewer">Who decides; the calling system where not given.</param>
    internal sealed record Decision(bool? Follow, string? Reason, string? Reviewer);

    internal static async Task<Results<Ok<List<ChangeView>>, ProblemHttpResult>> List(
        Caller caller,
        MatchingDb db,
        Sealer sealer,
        HttpContext http,
        CancellationToken cancellationToken,
        string state = "held",
        Guid? before = null,
        int limit = 50
    )
    {
        NumberChangeState? wanted = state switch
        {
            "held" => NumberChangeState.Held,
            "followed" => NumberChangeState.Followed,
            "refused" => NumberChangeState.Refused,
            _ => null,
        };
        if (wanted is null)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "state-unknown",
                "state must be held, followed or refused.",
                new FieldError("state", "unknown")
            );
        }

        if (limit is < 1 or > 200)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "limit-out-of-range",
                "limit must be 1 to 200.",
                new FieldError("limit", "1 to 200")
            );
        }

        var changes = db.Set<NumberChange>()
            .AsNoTracking()
            .Where(change => change.State == wanted && (before == null || change.ChangeId < before));
        // What waits is taken from the front; what was done is looked for from the end.
        var found = await (
            wanted == NumberChangeState.Held
                ? changes.OrderBy(change => change.ChangeId)
                : changes.OrderByDescending(change => change.ChangeId)
        )
            .Take(limit)
            .ToListAsync(cancellationToken);
        foreach (var change in found)
            db.Audit(caller, "number-change.read", change.ChangeId);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(
            found.ConvertAll(change =>
            {
                var numbers = sealer.Open(change.Sealed);
                return new ChangeView(
                    change.ChangeId,
                    change.Kind,
                    change.Restricted,
                    change.RestrictedPlan,
                    numbers.Superseded.Reveal(),
                    numbers.Current.Reveal(),
                    change.ChangedAt,
                    change.ReceivedAt,
                    change.DecidedBy,
                    change.Reason
                );
            })
        );
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Decide(
        Guid changeId,
        Decision decision,
        Caller caller,
        MatchingDb db,
        ApplyNhsNumberChange follow,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<FieldError>();
        if (decision.Follow is null)
            errors.Add(new("follow", "must be true or false"));
        Reviewer.JudgeReason(decision.Reason, errors);
        Reviewer.Judge(decision.Reviewer, errors);
        if (errors.Count > 0)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "decision-incomplete",
                "A decision needs follow and reason.",
                [.. errors]
            );
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.KeepAllOutAsync(cancellationToken);
        var change = await db.Set<NumberChange>()
            .SingleOrDefaultAsync(change => change.ChangeId == changeId, cancellationToken);
        if (change is null)
            return Refusal.NotFound();
        if (change.State != NumberChangeState.Held)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "number-change-not-held",
                "This change is followed or decided already."
            );
        }

        var now = clock.GetUtcNow();
        change.Become(decision.Follow!.Value ? NumberChangeState.Followed : NumberChangeState.Refused, now);
        (change.DecidedAt, change.DecidedBy, change.Reason) = (
            now,
            Reviewer.Of(decision.Reviewer, caller).Text,
            decision.Reason
        );
        db.Audit(caller, "number-change.decide", changeId, decision.Reason);
        await db.SaveChangesAsync(cancellationToken);
        if (change.State == NumberChangeState.Followed)
            await follow.FollowAsync(change, Activity.Current?.Context ?? default, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return TypedResults.NoContent();
    }

    /// <param name="Reason">Why, 1 to 500 characters.</param>
    /// <param name="Reviewer">Who takes it back; the calling system where not given.</param>
    internal sealed record UndoRequest(string? Reason, string? Reviewer);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Undo(
        Guid changeId,
        UndoRequest request,
        Caller caller,
        MatchingDb db,
        ApplyNhsNumberChange follow,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<FieldError>();
        Reviewer.JudgeReason(request.Reason, errors);
        Reviewer.Judge(request.Reviewer, errors);
        if (errors.Count > 0)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "undo-incomplete",
                "Taking a change back needs a reason.",
                [.. errors]
            );
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.KeepAllOutAsync(cancellationToken);
        var change = await db.Set<NumberChange>()
            .SingleOrDefaultAsync(change => change.ChangeId == changeId, cancellationToken);
        if (change is null)
            return Refusal.NotFound();
        if (change.State != NumberChangeState.Followed)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "number-change-not-followed",
                "This change is not followed, so there is nothing to take back."
            );
        }

        (change.DecidedAt, change.DecidedBy, change.Reason) = (
            clock.GetUtcNow(),
            Reviewer.Of(request.Reviewer, caller).Text,
            request.Reason
        );
        db.Audit(caller, "number-change.undo", changeId, request.Reason);
        await follow.UndoAsync(change, Activity.Current?.Context ?? default, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return TypedResults.NoContent();
    }
}
