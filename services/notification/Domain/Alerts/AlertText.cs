using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;

namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>The sentence at the head of an alert.</summary>
internal static class AlertText
{
    public static string Summary(Alert alert, Place? place)
    {
        var who = string.Join(", also ", alert.AllPlans().Select(Who));
        if (alert.State is AlertState.Withdrawn)
            return $"Withdrawn: the alert about {who}. Disregard what was sent of it.";
        var decided = alert.DecidedBy switch
        {
            MatchDecider.Reviewer => ", decided by a reviewer",
            MatchDecider.Rules => ", decided by the rules",
            _ => "",
        };
        var what = place?.Contact is { } contact ? OfContact(contact, alert.EncounterStatus, Where(place)) : null;
        var late = alert.Late ? $" The plan reached the hub after the {(what is null ? "encounter" : "contact")}." : "";
        what ??= $"{Verb(alert.EncounterStatus)} {Where(place)}";
        return $"{char.ToUpperInvariant(who[0])}{who[1..]} {what}. Match: "
            + $"{Certainty.InWords(alert.Certainty)}{decided}.{late}{Often(alert)}";
    }

    /// <summary>Of a restricted child: that there is an alert, of which plan, and where to read more.</summary>
    public static string RestrictedSummary(Alert alert)
    {
        var who = string.Join(", also ", alert.AllPlans().Select(Who));
        return alert switch
        {
            { State: AlertState.Withdrawn } => $"Withdrawn: the alert about {who}. Disregard what was sent of it.",
            { IsWithheld: true } =>
                $"There is an alert about {who}. Where and when is withheld, because another council has restricted "
                    + "this child's plan.",
            _ => $"There is an alert about {who}. The plan is restricted: whoever your council has named for it can "
                + "read where and when.",
        };
    }

    private static string Often(Alert alert)
    {
        var grouped = alert.Earlier is []
            ? ""
            : $" {alert.Earlier.Count + 1} attendances are in this alert, by the council's rules.";
        var year =
            alert.Attendances < 2
                ? ""
                : $" {alert.Attendances} attendances in 12 months, at {(alert.Sites == 1 ? "1 site" : $"{alert.Sites} different sites")}.";
        return grouped + year;
    }

    // The mother of an unborn child has no plan of her own, and the alert must not read as if she had.
    private static string Who(MatchedPlan plan) =>
        (plan.Role, plan.Kind) switch
        {
            (MatchRole.MotherOfUnborn, _) => $"the mother of the unborn child on plan {plan.Reference}",
            (_, PlanKind.ChildProtection) => $"the child on child protection plan {plan.Reference}",
            (_, PlanKind.LookedAfter) => $"the looked-after child {plan.Reference}",
            _ => $"the child on plan {plan.Reference}, made before birth",
        };

    private static string Verb(EncounterStatus status) =>
        status switch
        {
            EncounterStatus.Planned => "is expected at",
            EncounterStatus.Finished => "has been seen at",
            EncounterStatus.LeftBeforeSeen => "left before being seen at",
            _ => "is at",
        };

    private static string OfContact(PoliceContact contact, EncounterStatus status, string unit)
    {
        var isOver = status is EncounterStatus.Finished;
        var grade = contact.Grade is { } graded ? $", graded {graded.ToString().ToLowerInvariant()}" : "";
        var what = (contact.Kind, isOver) switch
        {
            (ContactKind.ProtectionNotice, _) => $"is the subject of a public protection notice{grade}",
            (ContactKind.DomesticAbuse, _) => $"lives where police attended domestic abuse{grade}",
            (ContactKind.Missing, false) => $"is reported missing{grade}",
            (ContactKind.Missing, true) => "was reported missing and has been found",
            (ContactKind.Custody, false) => "has been arrested and is in custody",
            (ContactKind.Custody, true) => "was in custody and has been released",
            (ContactKind.AccommodationRequest, false) =>
                "has been charged and refused bail: police ask the council for accommodation (PACE 1984, section 38(6))",
            (ContactKind.AccommodationRequest, true) => "no longer needs the accommodation that police asked for",
            (ContactKind.PoliceProtection, false) => "is in police protection (Children Act 1989, section 46)",
            (ContactKind.PoliceProtection, true) => "is no longer in police protection",
            _ => throw new ArgumentOutOfRangeException(nameof(contact)),
        };
        return $"{what}. Ring {unit} and quote {contact.IncidentNumber}";
    }

    private static string Where(Place? place)
    {
        if (place is null)
            return "a place that the hub cannot read";
        var name = place.SiteName ?? place.OrganisationName ?? place.SiteOds ?? place.OrganisationOds;
        return place.Setting is CareSetting.Unknown ? name : $"{name} ({InWords(place.Setting)})";
    }

    private static string InWords(CareSetting setting) =>
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
}
