using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Contracts.Matches;
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

/// <summary>A person decides a question; the rules never overturn it.</summary>
internal static class ResolveReview
{
    /// <summary>The answer to <c>cannotTell</c>.</summary>
    /// <param name="Next">What happens next, in plain words.</param>
    internal sealed record Undecided(string Next);

    internal const string WhatHappensNext =
        "No alert is sent and this attendance is not asked about again. A correction by the trust or in the plan "
        + "that leaves no doubt "
        + "still alerts you. The patient's next attendance is asked about again. If you learn more, undo this "
        + "decision: the question opens again.";

    internal static async Task<Results<NoContent, Ok<Undecided>, ProblemHttpResult>> Handle(
        Guid reviewId,
        ResolveReviewRequest request,
        Caller caller,
        MatchingDb db,
        DecideEncounters decide,
        Sealer sealer,
        BlockMacs macs,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (Missing(request) is { Count: > 0 } missing)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "resolution-incomplete",
                "A decision needs version, verdict and reason.",
                [.. missing]
            );
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (
            await LockedReview.OfAsync(db, transaction, reviewId, caller, others: false, cancellationToken)
            is not
            (var review, var encounters, _)
        )
        {
            return Refusal.NotFound();
        }

        var (now, reviewer) = (clock.GetUtcNow(), Reviewer.Of(request.Reviewer, caller));
        if (Reviewer.Keeps(review, request.ClaimId, reviewer, now) is { } kept)
            return kept;
        // A system that does not say who decides may be speaking for the first reviewer again.
        if (review.OpinionBy is not null && !reviewer.IsOnePerson)
            return Reviewer.NeedsAnother();
        if (review.Version != request.Version)
            return Reviewer.Changed();
        var persons = JsonSerializer.Deserialize<PersonDecision[]>(review.Evidence, HubJson.Options)!;
        var questions = encounters
            .Select(encounter => new Question(
                encounter,
                Patient.Of(encounter, sealer, macs),
                Activity.Current?.Context ?? default,
                NewVersion: false
            ))
            .ToList();
        var verdict = request.Verdict!.Value;
        var changes = new Changes(now);
        changes.Close(review, ReviewState.Resolved);
        foreach (var (encounter, patient) in questions.Select(question => (question.Encounter, question.Patient)))
        {
            changes.Remember(
                review.PlanIds.Select(plan => new Verdict(
                    encounter.Id,
                    plan,
                    review.CouncilCode,
                    verdict,
                    RoleIn(persons, plan),
                    patient?.Signature
                ))
            );
            changes.Record(
                encounter,
                review.CouncilCode,
                Outcome(verdict),
                late: false,
                review.RuleVersion,
                persons,
                request.Reason,
                reviewer.Text
            );
        }

        await changes.WriteAsync(db, cancellationToken);
        await decide.DecideAsync(questions, Search.Index, cancellationToken);

        db.Add(ReviewAct.Of(review, ReviewAction.Decided, now, verdict, reviewer.Text, request.Reason));
        db.Audit(caller, "review.resolve", reviewId);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return verdict == ReviewVerdict.CannotTell
            ? TypedResults.Ok(new Undecided(WhatHappensNext))
            : TypedResults.NoContent();
    }

    private static List<FieldError> Missing(ResolveReviewRequest request)
    {
        var missing = new List<FieldError>();
        if (request.Version is null)
            missing.Add(new("version", "is missing"));
        if (request.Verdict is null or ReviewVerdict.Undone)
            missing.Add(new("verdict", "must be sameChild, notThisChild or cannotTell"));
        Reviewer.JudgeReason(request.Reason, missing);
        Reviewer.Judge(request.Reviewer, missing);
        return missing;
    }

    private static MatchRole RoleIn(PersonDecision[] persons, Guid plan) =>
        persons.SelectMany(person => person.Plans).First(candidate => candidate.PlanId == plan).Role;

    private static DecisionOutcome Outcome(ReviewVerdict verdict) =>
        verdict switch
        {
            ReviewVerdict.SameChild => DecisionOutcome.Matched,
            ReviewVerdict.NotThisChild => DecisionOutcome.NoMatch,
            _ => DecisionOutcome.NeedsReview,
        };
}

/// <param name="Version">The version that was read.</param>
/// <param name="Verdict">What is decided.</param>
/// <param name="Reason">Why, 1 to 500 characters; no personal data.</param>
/// <param name="ClaimId">The claim, where the question is claimed.</param>
/// <param name="Reviewer">Who decides; the calling system where not given.</param>
internal sealed record ResolveReviewRequest(
    long? Version,
    ReviewVerdict? Verdict,
    string? Reason,
    Guid? ClaimId,
    string? Reviewer
);
