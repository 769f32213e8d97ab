using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging;

namespace Safeguarding.Matching.Reviews;

/// <summary>Takes a reviewer's decision back: what it raised is withdrawn, and the question is open again.</summary>
internal static class UndoReview
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid reviewId,
        UndoReviewRequest request,
        Caller caller,
        MatchingDb db,
        DecideEncounters decide,
        Sealer sealer,
        BlockMacs macs,
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
                "Taking a decision back needs a reason.",
                [.. errors]
            );
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // What was decided of the patient holds for later encounters too: they are decided again.
        if (
            await LockedReview.OfAsync(db, transaction, reviewId, caller, others: true, cancellationToken)
            is not
            (var review, var encounters, var others)
        )
        {
            return Refusal.NotFound();
        }

        if (review.State != ReviewState.Resolved)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "review-not-decided",
                "Nobody decided this question, so there is nothing to take back."
            );
        }

        if (request.Version is { } read && read != review.Version)
            return Reviewer.Changed();
        var (now, reviewer) = (clock.GetUtcNow(), Reviewer.Of(request.Reviewer, caller));
        var changes = new Changes(now);
        var restricted = await db.RestrictedAsync([review], cancellationToken);
        db.Publish(changes.Reopen(review).ToNews(overdue: false, restricted.Count > 0));
        changes.Undo(review, encounters);
        var persons = JsonSerializer.Deserialize<PersonDecision[]>(review.Evidence, HubJson.Options)!;
        foreach (var encounter in encounters)
        {
            changes.Keep(encounter);
            changes.Record(
                encounter,
                review.CouncilCode,
                DecisionOutcome.Undone,
                late: false,
                review.RuleVersion,
                persons,
                request.Reason,
                reviewer.Text
            );
        }

        await changes.WriteAsync(db, cancellationToken);
        await decide.DecideAsync(
            [
                .. encounters
                    .Concat(others)
                    .Select(encounter => new Question(
                        encounter,
                        Patient.Of(encounter, sealer, macs),
                        Activity.Current?.Context ?? default,
                        NewVersion: false,
                        Undone: true
                    )),
            ],
            Search.Index,
            cancellationToken
        );

        db.Add(ReviewAct.Of(review, ReviewAction.Undone, now, reviewer: reviewer.Text, reason: request.Reason));
        db.Audit(caller, "review.undo", reviewId);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return TypedResults.NoContent();
    }
}

/// <param name="Reason">Why, 1 to 500 characters; no personal data.</param>
/// <param name="Reviewer">Who takes it back; the calling system where not given.</param>
/// <param name="Version">The version that was read, so that nobody undoes what they have not seen; whatever
/// stands where not given.</param>
internal sealed record UndoReviewRequest(string? Reason, string? Reviewer, long? Version);
