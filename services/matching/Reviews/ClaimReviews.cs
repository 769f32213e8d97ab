using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>
/// Gives a reviewer questions that nobody else has, the first due first, and keeps them from others until the
/// lease ends. To claim one that one has already makes the lease longer.
/// </summary>
internal static class ClaimReviews
{
    private const int MostAtOnce = 20,
        ShortestLease = 60,
        LongestLease = 3600,
        DefaultLease = 900;

    /// <param name="ClaimId">To be sent back with a decision.</param>
    /// <param name="ClaimedUntil">After this others are given them.</param>
    /// <param name="Reviews">The first due first.</param>
    internal sealed record Claim(Guid ClaimId, DateTimeOffset ClaimedUntil, IReadOnlyList<ReviewView> Reviews);

    internal static Task<Results<Created<Claim>, NoContent, ProblemHttpResult>> Next(
        ClaimReviewsRequest? request,
        Caller caller,
        MatchingDb db,
        Sealer sealer,
        Parameters parameters,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => ClaimAsync(null, request, caller, db, sealer, parameters, clock, cancellationToken);

    internal static Task<Results<Created<Claim>, NoContent, ProblemHttpResult>> One(
        Guid reviewId,
        ClaimReviewsRequest? request,
        Caller caller,
        MatchingDb db,
        Sealer sealer,
        Parameters parameters,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => ClaimAsync(reviewId, request, caller, db, sealer, parameters, clock, cancellationToken);

    private static async Task<Results<Created<Claim>, NoContent, ProblemHttpResult>> ClaimAsync(
        Guid? one,
        ClaimReviewsRequest? request,
        Caller caller,
        MatchingDb db,
        Sealer sealer,
        Parameters parameters,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<FieldError>();
        Reviewer.Judge(request?.Reviewer, errors);
        if (request?.Max is < 1 or > MostAtOnce)
            errors.Add(new("max", $"must be 1 to {MostAtOnce}"));
        if (request?.LeaseSeconds is < ShortestLease or > LongestLease)
            errors.Add(new("leaseSeconds", $"must be {ShortestLease} to {LongestLease}"));
        if (errors.Count > 0)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "claim-unreadable",
                "The claim is not as this route takes it.",
                [.. errors]
            );
        }

        var (now, reviewer) = (clock.GetUtcNow(), Reviewer.Of(request?.Reviewer, caller));
        var until = now.AddSeconds(request?.LeaseSeconds ?? DefaultLease);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // By name: a system that names nobody may be speaking for another member of staff.
        var held =
            one is null || !reviewer.IsOnePerson
                ? null
                : await HeldAsync(one.Value, reviewer, caller, db, now, cancellationToken);
        var claim = held ?? Guid.CreateVersion7(now);
        // Sealed names cannot be compared in the database. Few questions wait for a second opinion.
        var own = (
            await db
                .Reviews.AsNoTracking()
                .Where(review =>
                    review.CouncilCode == caller.Organisation
                    && review.State == ReviewState.Open
                    && review.OpinionBy != null
                )
                .Select(review => new { review.ReviewId, review.OpinionBy })
                .ToListAsync(cancellationToken)
        )
            .Where(review => reviewer.MayBe(review.OpinionBy))
            .Select(review => review.ReviewId)
            .ToArray();
        // SKIP LOCKED: two reviewers never get the same question, and never wait for each other. An array, because a
        // query may be run again for each row that it is compared with, and would then take more than were asked for.
        var reviews = await db
            .Reviews.FromSql(
                $"""
                UPDATE matching.review SET claim_id = {claim}, claimed_by = {db.Seal(
                    MatchingDb.ClaimedBy,
                    reviewer.Text
                )}, claimed_until = {until}
                WHERE review_id = ANY(ARRAY(
                    SELECT review_id FROM matching.review
                    WHERE council_code = {caller.Organisation} AND state = 'open' AND ({one}::uuid IS NULL
                        OR review_id = {one}::uuid)
                        AND (claimed_until IS NULL OR claimed_until <= {now} OR claim_id = {held}::uuid)
                        AND review_id <> ALL({own})
                    ORDER BY due_at, review_id LIMIT {request?.Max ?? 1} FOR UPDATE SKIP LOCKED))
                RETURNING *
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        if (reviews is [])
        {
            return one is null
                ? TypedResults.NoContent()
                : await WhyNotAsync(one.Value, reviewer, caller, db, now, cancellationToken);
        }

        reviews.Sort((left, right) => left.DueAt.CompareTo(right.DueAt));
        var views = await ReviewView.OfAsync(reviews, caller, db, sealer, parameters, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return TypedResults.Created((string?)null, new Claim(claim, until, views));
    }

    /// <summary>The reviewer's own claim that has not ended yet, or null.</summary>
    private static async Task<Guid?> HeldAsync(
        Guid reviewId,
        Reviewer reviewer,
        Caller caller,
        MatchingDb db,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await db
            .Reviews.AsNoTracking()
            .SingleOrDefaultAsync(
                review =>
                    review.ReviewId == reviewId
                    && review.CouncilCode == caller.Organisation
                    && review.ClaimedUntil > now,
                cancellationToken
            )
            is { } claimed
        && reviewer.Is(claimed.ClaimedBy)
            ? claimed.ClaimId
            : null;

    private static async Task<ProblemHttpResult> WhyNotAsync(
        Guid reviewId,
        Reviewer reviewer,
        Caller caller,
        MatchingDb db,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var review = await db
            .Reviews.AsNoTracking()
            .SingleOrDefaultAsync(
                review => review.ReviewId == reviewId && review.CouncilCode == caller.Organisation,
                cancellationToken
            );
        return review is null ? Refusal.NotFound() : Reviewer.Keeps(review, null, reviewer, now) ?? Reviewer.Taken();
    }
}

/// <param name="Reviewer">Who reviews, as the council's system names its staff; the system itself where not
/// given.</param>
/// <param name="Max">How many at most, 1 to 20; 1 where not given.</param>
/// <param name="LeaseSeconds">For how long, 60 to 3600; 900 where not given.</param>
internal sealed record ClaimReviewsRequest(string? Reviewer, int? Max, int? LeaseSeconds);
