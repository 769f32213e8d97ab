using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Escalation;

/// <summary>
/// One rung that an open alert still has before it, or had. Due at an instant, not at a time of the clock on the wall,
/// so a change of the clocks neither hurries nor delays it. Sent in the transaction that makes its deliveries, so no
/// replica sends it again.
/// </summary>
internal sealed class EscalationStep
{
    public required Guid AlertId { get; init; }

    /// <summary>The version of the alert that began it: a reopened alert climbs from the first rung again.</summary>
    public required long Round { get; init; }

    /// <summary>0 is the mark that the alert is overdue; the council's steps count from 1.</summary>
    public required int Number { get; init; }

    public required string CouncilCode { get; init; }
    public required int AfterMinutes { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Subscriptions and desks, as the council wrote them when the alert was raised.</summary>
    public required List<string> To { get; init; }

    public EscalationState State { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>
    /// The subscriptions that got the alert through this step: an acknowledgement stops what still waits for
    /// them.
    /// </summary>
    public List<Guid> SentTo { get; set; } = [];

    /// <summary>Its time has come.</summary>
    /// <returns>True where nobody has acknowledged the alert, so that somebody is to be notified.</returns>
    public bool Take(Alert alert, DateTimeOffset now)
    {
        (State, EndedAt) = (alert.IsOpen ? EscalationState.Sent : EscalationState.Cancelled, now);
        return alert.IsOpen;
    }

    /// <summary>
    /// The overdue mark as step 0, and the council's own steps from 1, each counted from when the alert was
    /// opened.
    /// </summary>
    public static IEnumerable<EscalationStep> Plan(Alert alert, EscalationLevels levels)
    {
        if (alert is not { OpenedAt: { } opened, OverdueAt: { } overdue })
            yield break;
        yield return Step(0, (int)(overdue - opened).TotalMinutes, []);
        foreach (var (i, step) in (levels.Steps ?? []).Index())
            yield return Step(i + 1, step.AfterMinutes ?? 0, step.To ?? []);

        EscalationStep Step(int number, int afterMinutes, IReadOnlyList<string> to) =>
            new()
            {
                AlertId = alert.Id,
                Round = alert.Version,
                Number = number,
                CouncilCode = alert.CouncilCode,
                AfterMinutes = afterMinutes,
                DueAt = opened.AddMinutes(afterMinutes),
                To = [.. to],
            };
    }
}

internal enum EscalationState
{
    Waiting,
    Sent,

    /// <summary>Somebody acknowledged the alert, or it was taken back, before the step was due.</summary>
    Cancelled,
}
