using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>A council's load, how its reviewers agree, and whether the rules' figures hold.</summary>
internal static class ReviewFigures
{
    private const int Days = 28;
    private static readonly double[] Bands = [0, 0.2, 0.5, 0.8, 0.95];

    /// <param name="Open">Questions that wait.</param>
    /// <param name="Claimed">Those that a reviewer has now.</param>
    /// <param name="Overdue">Those that should have been decided.</param>
    /// <param name="OldestRaisedAt">Since when the oldest waits.</param>
    /// <param name="SameChild">Decided so in the last 28 days, as are the next three.</param>
    /// <param name="NotThisChild">Likewise.</param>
    /// <param name="CannotTell">Likewise.</param>
    /// <param name="Undone">Decisions undone.</param>
    /// <param name="MedianHours">From question to decision; null where none was decided.</param>
    /// <param name="DecidedInTime">How many of them before they were due.</param>
    /// <param name="SecondOpinions">Questions decided by a second reviewer.</param>
    /// <param name="Agreed">How many of these as the first had thought.</param>
    /// <param name="Calibration">What the rules had said beside what people decided.</param>
    internal sealed record Figures(
        int Open,
        int Claimed,
        int Overdue,
        DateTimeOffset? OldestRaisedAt,
        int SameChild,
        int NotThisChild,
        int CannotTell,
        int Undone,
        double? MedianHours,
        int DecidedInTime,
        int SecondOpinions,
        int Agreed,
        IReadOnlyList<Band> Calibration
    );

    /// <param name="From">Posteriors from here up to the next band.</param>
    /// <param name="Questions">Decided questions, "cannot tell" left out.</param>
    /// <param name="MeanPosterior">What the rules promised on average.</param>
    /// <param name="SameChild">The share that people found to be the same child.</param>
    internal sealed record Band(double From, int Questions, double MeanPosterior, double SameChild);

    internal static async Task<Ok<Figures>> Handle(
        Caller caller,
        MatchingDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var open = await db
            .Reviews.AsNoTracking()
            .Where(review => review.CouncilCode == caller.Organisation && review.State == ReviewState.Open)
            .Select(review => new
            {
                review.RaisedAt,
                review.DueAt,
                review.ClaimedUntil,
            })
            .ToListAsync(cancellationToken);
        var acts = await db.Set<ReviewAct>()
            .AsNoTracking()
            .Where(act => act.CouncilCode == caller.Organisation && act.At > now.AddDays(-Days))
            .OrderBy(act => act.ActId)
            .ToListAsync(cancellationToken);

        var decided = acts.FindAll(act => act.Action == ReviewAction.Decided);
        var hours = decided.Select(act => (act.At - act.RaisedAt).TotalHours).Order().ToList();
        var second = decided
            .Select(act =>
                (
                    act.Verdict,
                    First: acts.FindLast(first =>
                        first.ReviewId == act.ReviewId && first.Action == ReviewAction.Opinion && first.At < act.At
                    )
                )
            )
            .Where(pair => pair.First is not null)
            .ToList();
        return TypedResults.Ok(
            new Figures(
                open.Count,
                open.Count(review => review.ClaimedUntil > now),
                open.Count(review => review.DueAt < now),
                open.Count == 0 ? null : open.Min(review => review.RaisedAt),
                Count(decided, ReviewVerdict.SameChild),
                Count(decided, ReviewVerdict.NotThisChild),
                Count(decided, ReviewVerdict.CannotTell),
                acts.Count(act => act.Action == ReviewAction.Undone),
                hours.Count == 0 ? null : Math.Round(hours[hours.Count / 2], 2),
                decided.Count(act => act.At <= act.RaisedAt + Review.TimeAllowed(act.Posterior)),
                second.Count,
                second.Count(pair => pair.Verdict == pair.First!.Verdict),
                Calibration(decided)
            )
        );
    }

    private static int Count(List<ReviewAct> decided, ReviewVerdict verdict) =>
        decided.Count(act => act.Verdict == verdict);

    private static List<Band> Calibration(List<ReviewAct> decided) =>
        [
            .. decided
                .Where(act => act.Verdict is ReviewVerdict.SameChild or ReviewVerdict.NotThisChild)
                .GroupBy(act => Bands.Last(from => from <= act.Posterior))
                .OrderBy(band => band.Key)
                .Select(band => new Band(
                    band.Key,
                    band.Count(),
                    Math.Round(band.Average(act => act.Posterior), 3),
                    Math.Round(band.Average(act => act.Verdict == ReviewVerdict.SameChild ? 1.0 : 0.0), 3)
                )),
        ];
}
