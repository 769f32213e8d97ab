using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>Of <see cref="ReviewFigures"/> what may be passed on: how much waits, and how people decided.</summary>
internal static class CountReviews
{
    internal static async Task<Ok<Count>> Handle(
        Caller caller,
        MatchingDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var figures = (await ReviewFigures.Handle(caller, db, clock, cancellationToken)).Value!;
        int[] decided = [figures.SameChild, figures.NotThisChild, figures.CannotTell];
        var shown = SmallNumbers.HideParts(decided);
        return TypedResults.Ok(
            new Count(figures.Open, figures.Overdue, SmallNumbers.Hide(decided.Sum()), shown[0], shown[1], shown[2])
        );
    }

    /// <param name="Open">Questions that wait.</param>
    /// <param name="Overdue">Of these, those that should have been decided.</param>
    /// <param name="Decided">In the last 28 days; absent where they are 1 to 4, as are the next three.</param>
    /// <param name="SameChild">Of these, those decided so.</param>
    /// <param name="NotThisChild">Likewise.</param>
    /// <param name="CannotTell">Likewise.</param>
    internal sealed record Count(
        int Open,
        int Overdue,
        int? Decided,
        int? SameChild,
        int? NotThisChild,
        int? CannotTell
    );
}
