using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>One question of a council, open or not, with what was done to it.</summary>
internal static class GetReview
{
    internal static async Task<Results<Ok<GetReviewView>, ProblemHttpResult>> Handle(
        Guid reviewId,
        Caller caller,
        MatchingDb db,
        Sealer sealer,
        Parameters parameters,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var review = await db
            .Reviews.AsNoTracking()
            .SingleOrDefaultAsync(
                review => review.ReviewId == reviewId && review.CouncilCode == caller.Organisation,
                cancellationToken
            );
        if (review is null)
            return Refusal.NotFound();
        var acts = await db.Set<ReviewAct>()
            .AsNoTracking()
            .Where(act => act.ReviewId == reviewId)
            .OrderBy(act => act.ActId)
            .ToListAsync(cancellationToken);
        var views = await ReviewView.OfAsync(
            [review],
            caller,
            db,
            sealer,
            parameters,
            clock.GetUtcNow(),
            cancellationToken
        );
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var raised = acts is [var first, ..] ? first.RaisedAt : review.RaisedAt;
        return TypedResults.Ok(
            new GetReviewView(
                views[0],
                views[0].Withheld ? raised.DayOnly() : raised,
                acts.ConvertAll(act => EntryOf(act, review.State, views[0].Withheld)),
                views[0].Decision?.Verdict == ReviewVerdict.CannotTell ? ResolveReview.WhatHappensNext : null
            )
        );
    }

    private static GetReviewEntry EntryOf(ReviewAct act, ReviewState state, bool isWithheld)
    {
        // What the hub did by itself says when the patient came; what people of the council did they know.
        var at = isWithheld && act.Reviewer is null ? act.At.DayOnly() : act.At;
        var isHidden = act.Action == ReviewAction.Opinion && state == ReviewState.Open;
        return new(act.Action, at, act.Reviewer, isHidden ? null : act.Verdict, isHidden ? null : act.Reason);
    }
}

/// <param name="Review">As in the list.</param>
/// <param name="RaisedFirstAt">When it was asked first, where withheld the day; after an undoing it is raised
/// again.</param>
/// <param name="History">The oldest first.</param>
/// <param name="Next">What happens next where nobody could tell; else null.</param>
internal sealed record GetReviewView(
    ReviewView Review,
    DateTimeOffset RaisedFirstAt,
    IReadOnlyList<GetReviewEntry> History,
    string? Next
);

/// <param name="Action">What was done.</param>
/// <param name="At">When.</param>
/// <param name="By">Who, as the council's system names its staff; null for the hub.</param>
/// <param name="Verdict">What was decided or thought; null of a first opinion while the second is asked for.</param>
/// <param name="Reason">Why; likewise.</param>
internal sealed record GetReviewEntry(
    ReviewAction Action,
    DateTimeOffset At,
    string? By,
    ReviewVerdict? Verdict,
    string? Reason
);
