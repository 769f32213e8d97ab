namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>What comes of one plan that a council speaks of.</summary>
internal enum PlanOutcome
{
    Registered,
    Amended,
    Ended,
    Deleted,
    Unchanged,

    /// <summary>New to the hub and over for more than 12 months: nothing to share, so nothing is kept.</summary>
    NotKept,

    Refused,

    /// <summary>A line below the last plan, such as a total.</summary>
    Skipped,

    /// <summary>Waits for the council's word on its upload.</summary>
    Held,

    /// <summary>Not applied: the council discarded it, or a later full register decided instead.</summary>
    Discarded,
}

/// <summary>
/// Decides what a council's words do to the plan that is there. Pure; the same for a single plan and for a
/// line of an upload.
/// </summary>
internal static class DecidePlan
{
    public static PlanOutcome Register(Plan? existing, SealedFacts facts, DateOnly today)
    {
        if (existing is null)
            return facts.EndDate < Plan.EarliestShownEnd(today) ? PlanOutcome.NotKept : PlanOutcome.Registered;
        if (!facts.FactsMac.AsSpan().SequenceEqual(existing.FactsMac))
            return PlanOutcome.Amended;
        if (facts.EndDate == existing.EndDate)
            return PlanOutcome.Unchanged;
        // Without an end where there was one the plan runs again, which is a correction and not an end.
        return facts.EndDate is null ? PlanOutcome.Amended : PlanOutcome.Ended;
    }

    public static (PlanOutcome Outcome, ValidationError? Why) End(Plan? existing, DateOnly endDate)
    {
        if (existing is null)
            return (PlanOutcome.Refused, Unknown);
        if (endDate < existing.StartDate)
        {
            return (
                PlanOutcome.Refused,
                new ValidationError(PlanField.EndDate, "end-before-start", "The end is before the plan's start.")
            );
        }

        return (existing.EndDate == endDate ? PlanOutcome.Unchanged : PlanOutcome.Ended, null);
    }

    public static (PlanOutcome Outcome, ValidationError? Why) Delete(Plan? existing, bool wasDeleted) =>
        existing is not null ? (PlanOutcome.Deleted, null)
        : wasDeleted ? (PlanOutcome.Unchanged, null)
        : (PlanOutcome.Refused, Unknown);

    private static ValidationError Unknown { get; } =
        new(PlanField.Reference, "plan-not-found", "You have no plan with this reference here.");
}
