using Safeguarding.Portal.Notification;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Words;

/// <summary>What the fields of an alert are in the words of a duty desk.</summary>
internal static class AlertWords
{
    public static bool IsOpen(AlertState state) => state is AlertState.Raised or AlertState.Delivered;

    public static string State(AlertState state) =>
        state switch
        {
            AlertState.Raised or AlertState.Delivered => "Open",
            AlertState.Acknowledged => "Acknowledged",
            AlertState.Refused => "Refused",
            _ => "Withdrawn",
        };

    public static string StateColour(AlertState state) =>
        state switch
        {
            AlertState.Raised or AlertState.Delivered => "blue",
            AlertState.Acknowledged => "green",
            _ => "grey",
        };

    public static string Grade(AlertGrade grade) =>
        grade switch
        {
            AlertGrade.Urgent => "Urgent",
            AlertGrade.High => "High",
            _ => "Standard",
        };

    public static string GradeColour(AlertGrade grade) =>
        grade switch
        {
            AlertGrade.Urgent => "red",
            AlertGrade.High => "orange",
            _ => "grey",
        };

    public static string Kind(PlanKind kind) =>
        kind switch
        {
            PlanKind.ChildProtection => "Child protection plan",
            PlanKind.LookedAfter => "Looked-after child",
            _ => "Plan for an unborn child",
        };

    public static string Setting(CareSetting setting) =>
        setting switch
        {
            CareSetting.EmergencyDepartment => "emergency department",
            CareSetting.MinorInjuryUnit => "minor injury unit",
            CareSetting.UrgentTreatmentCentre => "urgent treatment centre",
            CareSetting.GpOutOfHours => "GP out of hours",
            CareSetting.Nhs111 => "NHS 111",
            CareSetting.Ambulance => "ambulance service",
            CareSetting.Maternity => "maternity unit",
            CareSetting.PaediatricWard => "paediatric ward",
            CareSetting.Scheduled => "planned care",
            _ => "setting not stated",
        };

    /// <summary>Whether a trust's switchboard can put somebody through to it.</summary>
    public static bool IsOnSite(CareSetting setting) =>
        setting
            is CareSetting.EmergencyDepartment
                or CareSetting.MinorInjuryUnit
                or CareSetting.UrgentTreatmentCentre
                or CareSetting.Maternity
                or CareSetting.PaediatricWard;

    /// <summary>What kind of care it was, or what the police report.</summary>
    public static string What(AlertView alert) =>
        alert switch
        {
            { Contact: { } contact } => $"police: {Contact(contact.Kind)}",
            { Where: { } where } => Setting(where.Setting),
            _ => "",
        };

    private static string Contact(ContactKind kind) =>
        kind switch
        {
            ContactKind.ProtectionNotice => "public protection notice",
            ContactKind.DomesticAbuse => "domestic abuse",
            ContactKind.Missing => "missing",
            ContactKind.Custody => "custody",
            ContactKind.AccommodationRequest => "accommodation asked for",
            _ => "police protection",
        };

    public static string Status(EncounterStatus status) =>
        status switch
        {
            EncounterStatus.Planned => "expected",
            EncounterStatus.Arrived => "arrived",
            EncounterStatus.Triaged => "arrived and triaged",
            EncounterStatus.InProgress => "being seen",
            EncounterStatus.OnLeave => "on leave from the ward",
            EncounterStatus.Finished => "seen, and has left",
            EncounterStatus.LeftBeforeSeen => "left before being seen",
            EncounterStatus.Cancelled => "cancelled",
            EncounterStatus.EnteredInError => "entered in error",
            _ => "not stated",
        };

    public static string Where(WhereView where, Names names) =>
        where.SiteName
        ?? where.OrganisationName
        ?? (where.SiteOds is { } site && names.Of(site) is { } named && named != site ? named : null)
        ?? (names.Of(where.OrganisationOds) is var trust && trust != where.OrganisationOds ? trust : null)
        ?? where.SiteOds
        ?? where.OrganisationOds;

    /// <summary>The codes of a place that came without a name.</summary>
    public static IEnumerable<string?> Unnamed(WhereView? where) =>
        where is { SiteName: null, OrganisationName: null } ? [where.SiteOds, where.OrganisationOds] : [];

    public static string Withdrawn(WithdrawalReason reason) =>
        reason switch
        {
            WithdrawalReason.EncounterCancelled => "the visit was cancelled",
            WithdrawalReason.EncounterEnteredInError => "the visit was entered in error",
            WithdrawalReason.PlanDeleted => "the plan was deleted",
            WithdrawalReason.NoLongerMatches => "the patient no longer matches the plan",
            WithdrawalReason.EncounterScheduled => "the visit is planned care",
            _ => "a reviewer took the match back",
        };

    /// <summary>What happened, of a line of the history.</summary>
    public static string Happened(GetAlertHistoryEntry entry) =>
        entry.Deed switch
        {
            AlertEventType.Raised => "Alert raised",
            AlertEventType.Amended => "The trust changed what it sent",
            AlertEventType.Withdrawn => "Alert withdrawn",
            AlertEventType.Read => "Opened",
            AlertEventType.PlaceRead => "Where the child was, read",
            AlertEventType.Claimed => "Taken by the case system",
            AlertEventType.Delivered => $"Delivered{Through(entry)}",
            AlertEventType.DeliveryCancelled => $"Delivery cancelled{Through(entry)}",
            AlertEventType.DeliveryParked => $"Delivery refused by the receiver{Through(entry)}",
            AlertEventType.DeliveryOffered => $"Delivery offered again{Through(entry)}",
            AlertEventType.DeliveryReplayed => $"Delivery sent again{Through(entry)}",
            AlertEventType.Acknowledged => "Acknowledged",
            AlertEventType.Refused => "Refused",
            AlertEventType.Overdue => "Overdue: nobody has acknowledged it in time",
            AlertEventType.Escalated => "Escalated",
            AlertEventType.EscalationStopped => "Escalation stopped",
            AlertEventType.LookedUp => "The child was looked up",
            AlertEventType.Noted => "Note",
            AlertEventType.HandedOver => "Handed over",
            _ => "Something else",
        };

    /// <summary>To whom it was handed over.</summary>
    public static string HandedTo(HandedOverView over) =>
        over.To == Notification.HandedTo.EmergencyDutyTeam
            ? "the emergency duty team"
            : over.Colleague ?? "a colleague";

    private static string Through(GetAlertHistoryEntry entry) => entry.Subscription is { } name ? $" to “{name}”" : "";
}
