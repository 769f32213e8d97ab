namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>What a decision came to.</summary>
internal enum DecisionOutcome
{
    /// <summary>The council is told.</summary>
    Matched,

    /// <summary>The council is asked.</summary>
    NeedsReview,

    /// <summary>Nobody on a register was found likely enough.</summary>
    NoMatch,

    /// <summary>A child was found whose plans of this council were not in force on the day.</summary>
    NotInForce,

    /// <summary>What the council was told is taken back.</summary>
    Withdrawn,

    /// <summary>A reviewer's decision is taken back.</summary>
    Undone,

    /// <summary>Planned care: nothing is looked for.</summary>
    Scheduled,

    /// <summary>The encounter did not take place, or should never have been recorded: nothing is looked for.</summary>
    DidNotTakePlace,
}
