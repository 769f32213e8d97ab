using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Reviews;

namespace Safeguarding.Matching;

internal static class Routes
{
    public static void MapMatchingRoutes(this WebApplication app)
    {
        app.MapGet("/matches/{encounterId:guid}", GetMatches.Handle).RequireScope("match.read").WithTags("Matches")
            .WithSummary("What was decided of an encounter, and why")
            .WithDescription(
                "A council sees what concerns its own plans: what it was last told, and every decision with outcome, evidence by trait and rule version. "
                + "No trait of anybody is shown. For everybody else, the trust that sent the encounter included, the answer is 404, as for an encounter "
                + "that does not exist. A token with the scope ops as well sees the decisions of all councils. Each reading is audited.");

        var reviews = app.MapGroup("/reviews").RequireScope("review.decide").WithTags("Reviews");
        reviews.MapGet("", ListReviews.Handle)
            .WithSummary("The council's open questions, oldest first")
            .WithDescription("One item per encounter, with the council's own plans in question and the evidence by trait, without the traits. Each item read is audited.");
        reviews.MapPost("/{reviewId:guid}/resolve", ResolveReview.Handle)
            .WithSummary("Decide a question")
            .WithDescription(
                "verdict is sameChild (the council is alerted), notThisChild or cannotTell, with a reason. version must be the one that was read: "
                + "409 review-changed where the question has changed since, 409 review-not-open where it is decided or has gone away. "
                + "The decision stands: no later automatic decision overturns it.");
    }
}
