namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>
/// One line of the ledger of decisions. Never changed; the present view is
/// <see cref="CouncilMatch"/>.
/// </summary>
internal sealed class LedgerEntry
{
    /// <summary>
    /// The day with which it is forgotten; <see cref="DateOnly.MaxValue"/> (infinity) where it concerns a
    /// council.
    /// </summary>
    public required DateOnly Day { get; init; }

    public required Guid DecisionId { get; init; }

    public required Guid EncounterId { get; init; }

    public required long EncounterVersion { get; init; }

    /// <summary>The council it concerns, or null.</summary>
    public required string? CouncilCode { get; init; }

    public required DecisionOutcome Outcome { get; init; }

    public required bool Late { get; init; }

    public required string RuleVersion { get; init; }

    /// <summary>Persons on the register with their plans, outcome and evidence, as JSON; no trait of anybody.</summary>
    public required string Evidence { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>The client of the person who decided, or null for the rules.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Why, where a person decided or a match was withdrawn.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a decision came to.</summary>
internal enum DecisionOutcome
{
    /// <summary>The council is notified.</summary>
    Matched,

    /// <summary>The council is asked.</summary>
    NeedsReview,

    /// <summary>Nobody on a register was found likely enough.</summary>
    NoMatch,

    /// <summary>A child was found whose plans of this council were not in force on the day.</summary>
    NotInForce,

    /// <summary>What the council was notified of is withdrawn.</summary>
    Withdrawn,

    /// <summary>A reviewer's decision is undone.</summary>
    Undone,

    /// <summary>Planned care: nothing is looked for.</summary>
    Scheduled,

    /// <summary>The encounter did not take place, or should never have been recorded: nothing is looked for.</summary>
    DidNotTakePlace,
}
