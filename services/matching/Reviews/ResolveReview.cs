using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>A person decides a question; the rules never overturn it.</summary>
internal static class ResolveReview
{
    private const int LongestReason = 500;

    internal sealed record Request(long? Version, ReviewVerdict? Verdict, string? Reason);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid reviewId, Request request, Caller caller, MatchingDb db, DecideEncounters decide, Sealer sealer, BlockMacs macs, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Missing(request) is { Length: > 0 } missing)
            return Refusal.Problem(StatusCodes.Status400BadRequest, "resolution-incomplete", "A decision needs version, verdict and reason.", missing);
        var encounterId = await db.Reviews
            .Where(review => review.ReviewId == reviewId && review.CouncilCode == caller.Organisation)
            .Select(review => (Guid?)review.EncounterId)
            .SingleOrDefaultAsync(cancellationToken);
        if (encounterId is null)
            return Refusal.NotFound();

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.KeepPlansOutAsync(cancellationToken);
        var encounter = (await db.LockAsync([encounterId.Value], cancellationToken)).Single();
        var review = await db.Reviews.AsNoTracking().SingleAsync(review => review.ReviewId == reviewId, cancellationToken);
        if (review.State != ReviewState.Open)
            return Refusal.Problem(StatusCodes.Status409Conflict, "review-not-open", "This question is decided or has gone away.");
        if (review.Version != request.Version)
            return Refusal.Problem(StatusCodes.Status409Conflict, "review-changed", "The question has changed since it was read. Read it again.");

        var persons = JsonSerializer.Deserialize<PersonDecision[]>(review.Evidence, HubJson.Options)!;
        var changes = new Changes(clock.GetUtcNow());
        changes.Close(review, ReviewState.Resolved);
        changes.Remember(review.PlanIds.Select(plan => new Verdict(encounter.Id, plan, review.CouncilCode, request.Verdict!.Value, RoleIn(persons, plan))));
        changes.Record(encounter, review.CouncilCode, Outcome(request.Verdict!.Value), late: false, review.RuleVersion, persons, request.Reason, caller.ClientId);
        await changes.WriteAsync(db, cancellationToken);
        await decide.DecideAsync(
            [new Question(encounter, Patient.Of(encounter, sealer, macs), Activity.Current?.Context ?? default, NewVersion: false)], Search.Index, cancellationToken);

        db.Audit(caller, "review.resolve", reviewId);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return TypedResults.NoContent();
    }

    private static FieldError[] Missing(Request request)
    {
        var missing = new List<FieldError>();
        if (request.Version is null)
            missing.Add(new("version", "is missing"));
        if (request.Verdict is null)
            missing.Add(new("verdict", "must be sameChild, notThisChild or cannotTell"));
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > LongestReason)
            missing.Add(new("reason", $"must be 1 to {LongestReason} characters"));
        return [.. missing];
    }

    private static MatchRole RoleIn(PersonDecision[] persons, Guid plan) =>
        persons.SelectMany(person => person.Plans).First(candidate => candidate.PlanId == plan).Role;

    private static DecisionOutcome Outcome(ReviewVerdict verdict) => verdict switch
    {
        ReviewVerdict.SameChild => DecisionOutcome.Matched,
        ReviewVerdict.NotThisChild => DecisionOutcome.NoMatch,
        _ => DecisionOutcome.NeedsReview,
    };
}
