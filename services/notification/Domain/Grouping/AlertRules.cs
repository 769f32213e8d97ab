using System.Text.Json.Serialization;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>
/// A council's rules of grouping, grading and answers: the body of <c>PUT /rules</c>. Without any, each
/// encounter is an alert of grade standard.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AlertRules
{
    public static AlertRules None { get; } = new();

    /// <summary>Makes one alert of repeat attendances of one child; none where not given.</summary>
    public GroupingWindow? Grouping { get; init; }

    /// <summary>Patterns that raise the grade, at most twenty.</summary>
    public IReadOnlyList<Pattern>? Patterns { get; init; }

    /// <summary>Which answer of whom counts; as in <see cref="Grouping.Answers"/> where not given.</summary>
    public Answers? Answers { get; init; }

    /// <summary>Whether an attendance at this time falls within the window of an alert whose first one was
    /// then.</summary>
    public bool AreInOneWindow(DateTimeOffset first, DateTimeOffset at) =>
        Grouping?.WindowHours is { } hours && (at - first).Duration() <= TimeSpan.FromHours(hours);

    /// <summary>Nothing joins an alert that was refused or withdrawn: it would be lost with it.</summary>
    public bool AllowJoining(AlertState state) =>
        state is AlertState.Raised or AlertState.Delivered
        || (state is AlertState.Acknowledged && Grouping?.AfterAcknowledgement is AfterAcknowledgement.Reopen);
}

/// <param name="SystemRefusal">What a system's refusal does where a person has acknowledged the alert: keepPerson
/// (where not given: it is refused itself, 409) or overridePerson.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Answers(SystemRefusal? SystemRefusal);

internal enum SystemRefusal
{
    KeepPerson,
    OverridePerson,
}

/// <param name="WindowHours">Attendances within this time of the alert's first one join it, 1 to 168.</param>
/// <param name="AfterAcknowledgement">What a further attendance does when somebody has acknowledged the alert: newAlert
/// (where not given) or reopen.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record GroupingWindow(int? WindowHours, AfterAcknowledgement? AfterAcknowledgement);

internal enum AfterAcknowledgement
{
    NewAlert,
    Reopen,
}

/// <summary>All of what it names must hold within some span of so many days.</summary>
/// <param name="Name">The council's own, shown in the alert: 1 to 40 of a-z, 0-9 and hyphens.</param>
/// <param name="Days">The span, 1 to 365.</param>
/// <param name="Attendances">At least so many attendances; 1 where not given.</param>
/// <param name="Sites">At so many different sites; 1 where not given.</param>
/// <param name="LeftBeforeSeen">So many of which the child left before being seen; 0 where not given.</param>
/// <param name="Grade">high or urgent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Pattern(
    string? Name,
    int? Days,
    int? Attendances,
    int? Sites,
    int? LeftBeforeSeen,
    AlertGrade? Grade
);
