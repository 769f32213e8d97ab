using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Shadow;

/// <summary>Lists and counts, for an operator, what the shadow rules would decide differently.</summary>
internal static class GetShadowDifferences
{
    private const int MostAtOnce = 200;

    /// <param name="DifferenceId">Names it, and the page after it.</param>
    /// <param name="EncounterId">The encounter.</param>
    /// <param name="CouncilCode">The council that would be notified of or asked something else.</param>
    /// <param name="PlanIds">Its plans that either version names or asks about.</param>
    /// <param name="Live">matched, needsReview or noMatch, as was decided.</param>
    /// <param name="Shadow">As would have been.</param>
    /// <param name="LivePosterior">Of the likeliest person with a plan of the council.</param>
    /// <param name="ShadowPosterior">Likewise.</param>
    /// <param name="LiveVersion">The rules in force.</param>
    /// <param name="ShadowVersion">The rules in shadow.</param>
    /// <param name="DecidedAt">When both decided.</param>
    internal sealed record Difference(
        Guid DifferenceId,
        Guid EncounterId,
        string CouncilCode,
        IReadOnlyList<Guid> PlanIds,
        DecisionOutcome Live,
        DecisionOutcome Shadow,
        double LivePosterior,
        double ShadowPosterior,
        string LiveVersion,
        string ShadowVersion,
        DateTimeOffset DecidedAt
    );

    /// <param name="LiveVersion">The rules in force then.</param>
    /// <param name="ShadowVersion">The rules in shadow then.</param>
    /// <param name="Live">What was decided.</param>
    /// <param name="Shadow">What would have been.</param>
    /// <param name="Count">Of how many pairs of encounter and council.</param>
    internal sealed record DifferenceCount(
        string LiveVersion,
        string ShadowVersion,
        DecisionOutcome Live,
        DecisionOutcome Shadow,
        int Count
    );

    internal static async Task<Results<Ok<GetShadowDifferencesPage>, ProblemHttpResult>> List(
        MatchingDb db,
        CancellationToken cancellationToken,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        Guid? before = null,
        int limit = 50
    )
    {
        if (limit is < 1 or > MostAtOnce)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "limit-out-of-range",
                "limit must be 1 to 200.",
                new FieldError("limit", "1 to 200")
            );
        }

        if (from >= to)
            return NoPeriod();
        var found = await Within(db, from, to)
            .Where(row => before == null || row.DifferenceId < before)
            .OrderByDescending(row => row.DifferenceId)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(
            new GetShadowDifferencesPage(
                [
                    .. found
                        .Take(limit)
                        .Select(row => new Difference(
                            row.DifferenceId,
                            row.EncounterId,
                            row.CouncilCode,
                            row.PlanIds,
                            row.Live,
                            row.Shadow,
                            row.LivePosterior,
                            row.ShadowPosterior,
                            row.LiveVersion,
                            row.ShadowVersion,
                            row.DecidedAt
                        )),
                ],
                found.Count > limit ? found[limit - 1].DifferenceId : null
            )
        );
    }

    internal static async Task<Results<Ok<List<DifferenceCount>>, ProblemHttpResult>> Count(
        MatchingDb db,
        CancellationToken cancellationToken,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null
    )
    {
        if (from >= to)
            return NoPeriod();
        var counts = await Within(db, from, to)
            .GroupBy(row => new
            {
                row.LiveVersion,
                row.ShadowVersion,
                row.Live,
                row.Shadow,
            })
            .Select(rows => new { rows.Key, Count = rows.Count() })
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(
            counts
                .OrderByDescending(row => row.Count)
                .ThenBy(row => row.Key.ShadowVersion, StringComparer.Ordinal)
                .ThenBy(row => row.Key.Live)
                .ThenBy(row => row.Key.Shadow)
                .Select(row => new DifferenceCount(
                    row.Key.LiveVersion,
                    row.Key.ShadowVersion,
                    row.Key.Live,
                    row.Key.Shadow,
                    row.Count
                ))
                .ToList()
        );
    }

    private static IQueryable<ShadowDifference> Within(MatchingDb db, DateTimeOffset? from, DateTimeOffset? to)
    {
        var (first, end) = (from?.ToUniversalTime(), to?.ToUniversalTime());
        return db.Set<ShadowDifference>()
            .AsNoTracking()
            .Where(row => (first == null || row.DecidedAt >= first) && (end == null || row.DecidedAt < end));
    }

    private static ProblemHttpResult NoPeriod() =>
        Refusal.Problem(
            StatusCodes.Status400BadRequest,
            "period-empty",
            "from must be before to.",
            new FieldError("from", "before to")
        );
}

/// <param name="Differences">Newest first.</param>
/// <param name="Before">Where there are more: ask again with this as <c>before</c>.</param>
internal sealed record GetShadowDifferencesPage(
    IReadOnlyList<GetShadowDifferences.Difference> Differences,
    Guid? Before
);
