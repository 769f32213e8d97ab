using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>A council's open questions, oldest first, each with its own plans only.</summary>
internal static class ListReviews
{
    internal sealed record Item(
        Guid ReviewId, long Version, Guid EncounterId, DateTimeOffset RaisedAt, double Posterior, string RuleVersion, IReadOnlyList<PlanInQuestion> Plans,
        JsonArray Evidence);

    internal sealed record PlanInQuestion(Guid PlanId, string Reference, PlanKind Kind);

    internal static async Task<Ok<List<Item>>> Handle(Caller caller, MatchingDb db, CancellationToken cancellationToken, int limit = 50)
    {
        var reviews = await db.Reviews.AsNoTracking()
            .Where(review => review.CouncilCode == caller.Organisation && review.State == ReviewState.Open)
            .OrderBy(review => review.RaisedAt).ThenBy(review => review.ReviewId)
            .Take(Math.Clamp(limit, 1, 200))
            .ToListAsync(cancellationToken);
        var named = reviews.SelectMany(review => review.PlanIds.Concat(OwnEvidence.Rivals(review.Evidence))).Distinct().ToArray();
        var own = await db.PlansOfAsync([caller.Organisation], named, cancellationToken);
        var ownIds = own.Keys.ToHashSet();

        foreach (var review in reviews)
            db.Audit(caller, "review.read", review.ReviewId);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(reviews.ConvertAll(review => new Item(
            review.ReviewId, review.Version, review.EncounterId, review.RaisedAt, review.Posterior, review.RuleVersion,
            [.. review.PlanIds.Select(id => new PlanInQuestion(id, own[id].Reference, own[id].Kind))],
            OwnEvidence.Of(review.Evidence, ownIds))));
    }
}
