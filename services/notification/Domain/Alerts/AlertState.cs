namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>Where an alert stands. Overdue is a mark on the first two, not a state.</summary>
internal enum AlertState
{
    /// <summary>Nobody at the council has it yet, as far as the hub knows.</summary>
    Raised,

    /// <summary>A machine of the council has it; nobody has said that they act on it.</summary>
    Delivered,

    /// <summary>A named person or system of the council has acknowledged it.</summary>
    Acknowledged,

    /// <summary>The council says that it is not for them.</summary>
    Refused,

    /// <summary>Withdrawn: the match no longer holds.</summary>
    Withdrawn,
}

/// <summary>
/// How much an alert weighs by its council's own rules; which steps follow when nobody acknowledges it depends on
/// it.
/// </summary>
internal enum AlertGrade
{
    Standard,
    High,
    Urgent,
}

/// <summary>What the newest version of an alert says.</summary>
internal enum AlertNews
{
    Raised,
    Amended,
    Withdrawn,
}

/// <summary>Why a council refuses an alert.</summary>
internal enum RefusalReason
{
    /// <summary>Another council is responsible.</summary>
    NotOurs,

    /// <summary>The patient is not the person on the plan.</summary>
    WrongChild,
}

/// <summary>Who did something to an alert.</summary>
internal enum ActorKind
{
    /// <summary>A person, named by the council's system, or by role and sign-in.</summary>
    Person,

    /// <summary>A program of the council.</summary>
    System,

    /// <summary>The hub itself.</summary>
    Hub,
}
