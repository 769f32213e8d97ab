using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;
using Safeguarding.Hosting.Storage;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.NhsNumberChanges;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Shadow;
using Safeguarding.Matching.Tasks;

namespace Safeguarding.Matching;

internal static class Routes
{
    public static void MapMatchingRoutes(this WebApplication app)
    {
        app.MapGet("/matches/{encounterId:guid}", GetMatches.Handle)
            .AuditsEach("match.read")
            .RequireScope("match.read")
            .WorksAsWorker("ops")
            .WithTags("Matches")
            .WithSummary("Read what was decided of an encounter, and why")
            .WithDescription(
                "A council sees what concerns its own plans: what it was last notified of, and every decision with "
                    + "outcome, evidence by trait, the same in sentences, and rule version. "
                    + "No trait of anybody is shown. For everybody else, the trust that sent the encounter "
                    + "included, the answer is 404, as for an encounter "
                    + "that does not exist. A token with the scope ops as well sees the decisions of all councils. "
                    + "Each reading is audited."
            );

        app.MapPost("/subject-access", AnswerSubjectAccess.Handle)
            .AuditsEach("match.subject-access")
            .RequireScope("subject.export")
            .LimitsSearches()
            .WithTags("Subject access")
            .WithSummary("What was decided of one person, for a request of access")
            .WithDescription(
                "plans is that of plan-registry's answer. Reviewers, other people, and what is said of a "
                    + "patient who was not taken for this person are withheld: the item says why. releases shows "
                    + "those that it names, in this answer alone; each is audited with its reason. 400 release-"
                    + "unusable where one is not withheld here. Of a restricted child (restricted) it is said "
                    + "whether it matched and on which day, and nothing is released."
            );

        app.MapGet("/tasks", GetTasks.Handle)
            .AuditsEach("task.read")
            .RequireScope("review.decide")
            .WithTags("Tasks")
            .WithSummary("What the council has left to do about unborn plans")
            .WithDescription(
                "linkNewborn: the child was born and a reviewer knows it; it stands until the plan is amended to "
                    + "the child's own register and number. "
                    + "expectedDateOver: so long past that no newborn is joined to the plan any more. Each reading "
                    + "is audited."
            );

        var numbers = app.MapGroup("/numbers/changes").WorksAsWorker().WithTags("Numbers");
        numbers
            .MapPost("", ReceiveNhsNumberChange.Handle)
            .Audits("number-change.take")
            .RequireScope("number.write")
            .WithSummary("Report a changed NHS number, as a CloudEvent")
            .WithDescription(
                "In the shape of the Multicast Notification Service's nhs-number-change. A change marked as a merge "
                    + "is followed: plans and encounters "
                    + "under either number find each other, what now matches is alerted as late, what no longer "
                    + "does is withdrawn, what a person decided stands. "
                    + "Any other change, and any of a restricted record or plan, waits for a cleared reviewer and "
                    + "has no effect till then. The answer does not say which. "
                    + "The same source and id again change nothing."
            );
        numbers
            .MapGet("", ReviewNumberChanges.List)
            .AuditsEach("number-change.read")
            .RequireScope("number.review")
            .WithSummary(
                "The changes that wait for a cleared reviewer, oldest first; state=followed or refused: those "
                    + "decided, newest first"
            )
            .WithDescription(
                "restricted: of a restricted demographic record; restrictedPlan: it reaches a plan that its council "
                    + "has restricted. Each reading is audited. No council and no trust sees any of this."
            );
        numbers
            .MapPost("/{changeId:guid}/decide", ReviewNumberChanges.Decide)
            .Audits("number-change.decide")
            .AnswersWith(StatusCodes.Status409Conflict)
            .RequireScope("number.review")
            .WithSummary("Follow or refuse a change")
            .WithDescription("409 number-change-not-held where it is followed or decided already.");
        numbers
            .MapPost("/{changeId:guid}/undo", ReviewNumberChanges.Undo)
            .Audits("number-change.undo")
            .AnswersWith(StatusCodes.Status409Conflict)
            .RequireScope("number.review")
            .WithSummary("Take back a change that was followed, by itself or by a reviewer")
            .WithDescription(
                "With a reason. The numbers are two persons' again: what matched by the change is withdrawn, what a "
                    + "person decided of an encounter stands, "
                    + "and the change waits for a cleared reviewer. 409 number-change-not-followed where it is not "
                    + "followed."
            );

        var shadow = app.MapGroup("/shadow/differences").RequireScope("ops").WithTags("Shadow");
        shadow
            .MapGet("", GetShadowDifferences.List)
            .Audits("shadow.read")
            .WithSummary("What the rules in shadow would decide differently, newest first")
            .WithDescription(
                "One item per encounter and council whose outcome would be another one, as last decided; from and "
                    + "to bound when. Ids, outcomes and figures "
                    + "only: GET /matches/{encounterId} has the evidence of the live decision. before pages."
            );
        shadow
            .MapGet("/summary", GetShadowDifferences.Count)
            .Audits("shadow.count")
            .WithSummary("How often the rules in shadow would decide what else")
            .WithDescription("Counts by outcome and outcome in shadow, for each pair of versions.");

        app.MapGet("/review-figures", CountReviews.Handle)
            .Audits("review.figures.read")
            .RequireScope("alert.read")
            .WithTags("Reviews")
            .WithSummary("How many questions wait for your reviewers, and how they decided in the last 28 days")
            .WithDescription("A count of decisions of 1 to 4 is left out, so that nobody can be recognised.");

        var reviews = app.MapGroup("/reviews").RequireScope("review.decide").WithTags("Reviews");
        reviews
            .MapGet("", ListReviews.Handle)
            .AuditsEach("review.read")
            .WithSummary("The council's open questions, the first due first")
            .WithDescription(
                "One item per patient and plans, with the council's own plans in question, where and when the patient was "
                    + "seen, what to quote to the ward there, "
                    + "the ages of patient and child, and the evidence by trait, in sentences as well, without the "
                    + "traits. A question is due 4 hours after it was raised where the same child is likelier "
                    + "than not, else after 24. "
                    + "overdue=true lists only what is past that; state=resolved what people decided, the latest "
                    + "first. after, the reviewId of the last item, gives the next page. Each item read is audited."
            );
        reviews
            .MapGet("/{reviewId:guid}", GetReview.Handle)
            .Audits("review.read")
            .WithSummary("One question, open or not, with what was done to it")
            .WithDescription(
                "What a first reviewer thinks is not shown while a second is asked. 404 for another council's and for "
                    + "one that does not exist."
            );
        reviews
            .MapPost("/claim", ClaimReviews.Next)
            .AuditsEach("review.claim")
            .WithSummary("Claim the questions that are due first")
            .WithDescription(
                "201 with what was free, 204 where nothing is. Nobody else is given them until the lease ends. "
                    + "reviewer names the member of staff, "
                    + "as the council's system does; who gave a first opinion is not given the same question for "
                    + "the second."
            );
        reviews
            .MapPost("/{reviewId:guid}/claim", ClaimReviews.One)
            .Audits("review.claim")
            .AnswersWith(StatusCodes.Status409Conflict)
            .WithSummary("Claim one question")
            .WithDescription(
                "Claiming a question that you already hold extends the lease and keeps claimId. "
                    + "409 review-claimed where another reviewer has it, 409 review-not-open where it has been "
                    + "decided or withdrawn."
            );
        reviews
            .MapPost("/{reviewId:guid}/release", ReleaseReview.Handle)
            .Audits("review.release")
            .WithSummary("Release a claimed question");
        reviews
            .MapPost("/{reviewId:guid}/second-opinion", AskSecondOpinion.Handle)
            .Audits("review.second-opinion")
            .WorksAsWorker()
            .AnswersWith(StatusCodes.Status409Conflict)
            .WithSummary("Give your opinion, and let another reviewer decide")
            .WithDescription(
                "opinion is as verdict in resolve. The question stays open; the second reviewer must be somebody "
                    + "else and is not shown the opinion. "
                    + "GET /reviews/figures counts how often the two agree."
            );
        reviews
            .MapPost("/{reviewId:guid}/undo", UndoReview.Handle)
            .Audits("review.undo")
            .WorksAsWorker()
            .AnswersWith(StatusCodes.Status409Conflict)
            .WithSummary("Take a decision back")
            .WithDescription(
                "What the decision raised is withdrawn and the question is open again. 409 review-not-decided where "
                    + "nobody decided it."
            );
        reviews
            .MapGet("/figures", ReviewFigures.Handle)
            .Audits("review.figures.read")
            .WithSummary("Load, agreement and calibration")
            .WithDescription("The council's own figures: what waits now, and what was decided in the last 28 days.");
        reviews
            .MapPost("/{reviewId:guid}/resolve", ResolveReview.Handle)
            .Audits("review.resolve")
            .WorksAsWorker()
            .AnswersWith(StatusCodes.Status409Conflict)
            .WithSummary("Decide a question")
            .WithDescription(
                "verdict is sameChild (the council is alerted), notThisChild or cannotTell, with a reason. version "
                    + "must be the one that was read: "
                    + "409 review-changed where the question has changed since, 409 review-not-open where it has been "
                    + "decided or withdrawn, "
                    + "409 review-claimed where another reviewer has claimed it (claimId is that of one's own claim). "
                    + "200 of cannotTell, with what happens next; else 204. The decision stands: no later automatic "
                    + "decision overturns it, and the same patient, written down alike, is not asked about "
                    + "again while the plan is as it is."
            );
    }
}
