using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting;

namespace Safeguarding.Matching.Domain.Reviews;

/// <summary>
/// A question to a council: is this patient the child of this plan? It is asked of every encounter of the patient that
/// comes while it is open.
/// </summary>
internal sealed record Review
{
    public required Guid ReviewId { get; init; }

    /// <summary>The encounter that raised it, or of those still in question the first.</summary>
    public required Guid EncounterId { get; init; }

    public required string CouncilCode { get; init; }

    /// <summary>Grows with every change, so that a decision on what one has not seen is refused.</summary>
    public required long Version { get; set; }

    public required ReviewState State { get; set; }

    /// <summary>The council's plans in question.</summary>
    public required Guid[] PlanIds { get; init; }

    /// <summary>The council's persons in question, with outcome and evidence, as JSON.</summary>
    public required string Evidence { get; init; }

    public required double Posterior { get; init; }

    public required string RuleVersion { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    public required DateTimeOffset? ClosedAt { get; set; }

    /// <summary>MAC of how the patient is written down; null where that is too little to know the patient
    /// again.</summary>
    public long? Patient { get; init; }

    /// <summary>Names the claim of whoever has it; stays after the claim has ended.</summary>
    public Guid? ClaimId { get; init; }

    public string? ClaimedBy { get; init; }

    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>What a first reviewer thinks who asked for a second opinion.</summary>
    public ReviewVerdict? Opinion { get; init; }

    public string? OpinionBy { get; init; }

    /// <summary>When it was found due with nobody on it.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>By when it should be decided; the database reckons it, as <see cref="TimeAllowed"/> does.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>What its council is notified of.</summary>
    /// <param name="overdue">Nobody has taken it in time.</param>
    /// <param name="restricted">The patient may be a child whom a council has restricted: only the day is said.</param>
    public MatchNeedsReview ToNews(bool overdue, bool restricted)
    {
        // Postgres keeps microseconds: what is sent now must equal what is read later.
        var raised = RaisedAt.AddTicks(-(RaisedAt.Ticks % TimeSpan.TicksPerMicrosecond));
        var due = raised + TimeAllowed(Posterior);
        return restricted
            ? new MatchNeedsReview(ReviewId, CouncilCode, Version, raised.DayOnly(), due.DayOnly(), overdue, true)
            : new MatchNeedsReview(ReviewId, CouncilCode, Version, raised, due, overdue);
    }

    public static TimeSpan TimeAllowed(double posterior) => TimeSpan.FromHours(posterior >= 0.5 ? 4 : 24);
}

/// <summary>Where a review stands.</summary>
internal enum ReviewState
{
    /// <summary>Waits for a person.</summary>
    Open,

    /// <summary>A person decided.</summary>
    Resolved,

    /// <summary>
    /// The question went away by itself: the encounter was cancelled, the plan deleted, a trait
    /// corrected.
    /// </summary>
    Closed,
}
