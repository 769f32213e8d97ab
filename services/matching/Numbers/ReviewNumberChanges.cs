using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Numbers;

/// <summary>What a cleared reviewer sees and decides of the changes that are not followed by themselves. No council and no trust sees them.</summary>
internal static class ReviewNumberChanges
{
    /// <param name="ChangeId">Names the change.</param>
    /// <param name="Kind">merge, split or other.</param>
    /// <param name="Restricted">The demographic record is a restricted one.</param>
    /// <param name="RestrictedPlan">It reaches a plan that its council has restricted.</param>
    /// <param name="SupersededNhsNumber">The number no longer used.</param>
    /// <param name="NhsNumber">The number used instead.</param>
    /// <param name="ChangedAt">When it was changed.</param>
    /// <param name="ReceivedAt">When the hub was told.</param>
    internal sealed record Held(
        Guid ChangeId, NumberChangeKind Kind, bool Restricted, bool RestrictedPlan, string SupersededNhsNumber, string NhsNumber, DateTimeOffset ChangedAt,
        DateTimeOffset ReceivedAt)
    {
        /// <summary>Never the content.</summary>
        public override string ToString() => nameof(Held);
    }

    /// <param name="Follow">True where both numbers are one person's.</param>
    /// <param name="Reason">Why, 1 to 500 characters.</param>
    /// <param name="Reviewer">Who decides; the calling system where not given.</param>
    internal sealed record Decision(bool? Follow, string? Reason, string? Reviewer);

    internal static async Task<Ok<List<Held>>> List(
        Caller caller, MatchingDb db, Sealer sealer, HttpContext http, CancellationToken cancellationToken, int limit = 50)
    {
        http.Response.Headers.CacheControl = "no-store";
        var held = await db.Set<NumberChange>().AsNoTracking()
            .Where(change => change.State == NumberChangeState.Held)
            .OrderBy(change => change.ReceivedAt)
            .Take(Math.Clamp(limit, 1, 200))
            .ToListAsync(cancellationToken);
        foreach (var change in held)
            db.Audit(caller, "number-change.read", change.ChangeId);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(held.ConvertAll(change =>
        {
            var numbers = sealer.Open(change.Sealed);
            return new Held(
                change.ChangeId, change.Kind, change.Restricted, change.RestrictedPlan, numbers.Superseded.Reveal(), numbers.Current.Reveal(), change.ChangedAt,
                change.ReceivedAt);
        }));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Decide(
        Guid changeId, Decision decision, Caller caller, MatchingDb db, FollowNumberChange follow, TimeProvider clock, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        if (decision.Follow is null)
            errors.Add(new("follow", "must be true or false"));
        Reviewer.JudgeReason(decision.Reason, errors);
        Reviewer.Judge(decision.Reviewer, errors);
        if (errors.Count > 0)
            return Refusal.Problem(StatusCodes.Status400BadRequest, "decision-incomplete", "A decision needs follow and reason.", [.. errors]);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.KeepAllOutAsync(cancellationToken);
        var change = await db.Set<NumberChange>().SingleOrDefaultAsync(change => change.ChangeId == changeId, cancellationToken);
        if (change is null)
            return Refusal.NotFound();
        if (change.State != NumberChangeState.Held)
            return Refusal.Problem(StatusCodes.Status409Conflict, "number-change-not-held", "This change is followed or decided already.");

        change.State = decision.Follow!.Value ? NumberChangeState.Followed : NumberChangeState.Refused;
        (change.DecidedAt, change.DecidedBy, change.Reason) = (clock.GetUtcNow(), Reviewer.Of(decision.Reviewer, caller), decision.Reason);
        db.Audit(caller, "number-change.decide", changeId);
        await db.SaveChangesAsync(cancellationToken);
        if (change.State == NumberChangeState.Followed)
            await follow.FollowAsync(change, Activity.Current?.Context ?? default, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return TypedResults.NoContent();
    }
}
