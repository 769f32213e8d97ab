namespace Safeguarding.Matching.Domain.Reviews;

/// <summary>
/// One thing done to a review. Only ever added to: load, agreement and calibration are counted from
/// these.
/// </summary>
internal sealed class ReviewAct
{
    public required Guid ActId { get; init; }

    public required Guid ReviewId { get; init; }

    public required string CouncilCode { get; init; }

    public required ReviewAction Action { get; init; }

    public ReviewVerdict? Verdict { get; init; }

    /// <summary>Who: a person who was signed in, or as a council's system names its staff; null for the hub.</summary>
    public string? Reviewer { get; init; }

    public string? Reason { get; init; }

    /// <summary>What the rules had said.</summary>
    public required double Posterior { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    public required DateTimeOffset At { get; init; }

    public static ReviewAct Of(
        Review review,
        ReviewAction action,
        DateTimeOffset now,
        ReviewVerdict? verdict = null,
        string? reviewer = null,
        string? reason = null
    ) =>
        new()
        {
            ActId = Guid.CreateVersion7(now),
            ReviewId = review.ReviewId,
            CouncilCode = review.CouncilCode,
            Action = action,
            Verdict = verdict,
            Reviewer = reviewer,
            Reason = reason,
            Posterior = review.Posterior,
            RaisedAt = review.RaisedAt,
            At = now,
        };
}

/// <summary>What can be done to a review.</summary>
internal enum ReviewAction
{
    /// <summary>A reviewer said what they think and asked for another's opinion.</summary>
    Opinion,

    /// <summary>A reviewer decided.</summary>
    Decided,

    /// <summary>A decision was undone.</summary>
    Undone,

    /// <summary>It was due and nobody had it.</summary>
    Escalated,

    /// <summary>A later version of the rules settled it.</summary>
    Closed,
}
