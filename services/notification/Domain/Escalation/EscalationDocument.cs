using System.Text.Json.Serialization;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Escalation;

/// <summary>
/// Whom a council wants notified, and when, of an alert that nobody acknowledges: the body of <c>PUT
/// /escalations/{code}</c>. A subscription named here does not get alerts at once; it gets them when its turn comes.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EscalationDocument
{
    public static EscalationDocument Unset { get; } = new();

    /// <summary>Which subscriptions reach which desk.</summary>
    public Desks? Desks { get; init; }

    /// <summary>For alerts of grade standard.</summary>
    public EscalationLevels? Standard { get; init; }

    /// <summary>For those of grade high; as standard where not given.</summary>
    public EscalationLevels? High { get; init; }

    /// <summary>For those of grade urgent; as high where not given.</summary>
    public EscalationLevels? Urgent { get; init; }

    public EscalationLevels Get(AlertGrade grade) =>
        grade switch
        {
            AlertGrade.Urgent => Urgent ?? Get(AlertGrade.High),
            AlertGrade.High => High ?? Get(AlertGrade.Standard),
            _ => Standard ?? EscalationLevels.Unset,
        };

    /// <summary>Every subscription that is notified in its turn only.</summary>
    public IEnumerable<string> InTurn() =>
        new[] { Standard, High, Urgent }
            .SelectMany(levels => levels?.Steps ?? [])
            .SelectMany(step => step.To ?? [])
            .Where(name => !Desks.IsDesk(name))
            .Concat(Desks?.EmergencyDutyTeam ?? [])
            .Concat(Desks?.DutyManager ?? []);

    /// <summary>The subscriptions behind a step's names.</summary>
    public IEnumerable<string> Behind(IEnumerable<string> names) =>
        names
            .SelectMany(name =>
                name switch
                {
                    Desks.EmergencyDutyTeamName => Desks?.EmergencyDutyTeam ?? [],
                    Desks.DutyManagerName => Desks?.DutyManager ?? [],
                    _ => [name],
                }
            )
            .Distinct();
}

/// <param name="EmergencyDutyTeam">Subscriptions that reach the emergency duty team. It gets each alert that is raised
/// out of hours, at once, and each step that falls due out of hours.</param>
/// <param name="DutyManager">Subscriptions that reach the duty manager.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Desks(IReadOnlyList<string>? EmergencyDutyTeam, IReadOnlyList<string>? DutyManager)
{
    // Subscription ids are lower case, so these can never be one.
    public const string EmergencyDutyTeamName = "emergencyDutyTeam";
    public const string DutyManagerName = "dutyManager";

    public static bool IsDesk(string name) => name is EmergencyDutyTeamName or DutyManagerName;
}

/// <param name="OverdueAfterMinutes">After how long without acknowledgement an alert is overdue, 1 to 1440; 15 where
/// not given.</param>
/// <param name="Steps">In order of time, at most ten.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EscalationLevels(int? OverdueAfterMinutes, IReadOnlyList<EscalationLevel>? Steps)
{
    private const int UsuallyOverdueAfter = 15;

    public static EscalationLevels Unset { get; } = new(null, null);

    [JsonIgnore]
    public TimeSpan OverdueAfter => TimeSpan.FromMinutes(OverdueAfterMinutes ?? UsuallyOverdueAfter);
}

/// <param name="AfterMinutes">Minutes after the alert was raised, 0 to 10080 (a week).</param>
/// <param name="To">Subscriptions by id, <c>emergencyDutyTeam</c> or <c>dutyManager</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EscalationLevel(int? AfterMinutes, IReadOnlyList<string>? To);

/// <summary>A council's escalation document as it stands.</summary>
internal sealed class EscalationPolicy
{
    public required string CouncilCode { get; init; }
    public required Guid Id { get; init; }
    public long Version { get; set; }
    public required EscalationDocument Document { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
}
