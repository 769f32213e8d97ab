using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Councils;

namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>
/// An alert as its council reads it, in the feed, on its own, and as the body of a full webhook. No diagnosis,
/// no address, no name.
/// </summary>
internal sealed record AlertView
{
    public required Guid Id { get; init; }

    /// <summary>True of a test event's alert, and of no other: nobody was seen anywhere.</summary>
    public bool? Synthetic { get; init; }
    public required long Version { get; init; }
    public required AlertState State { get; init; }
    public required AlertNews News { get; init; }
    public string? Change { get; init; }
    public AlertGrade Grade { get; init; }

    /// <summary>The council's patterns that gave the grade; of a contact of the police, what in it did.</summary>
    public IReadOnlyList<string> GradeBecause { get; init; } = [];

    public bool Overdue { get; init; }

    /// <summary>
    /// A council has restricted the child's plan: the alert says that there is one, of which plan and how grave, and
    /// the days of <see cref="RaisedAt"/> and <see cref="ChangedAt"/>. Where and when is read at <c>GET
    /// /alerts/{id}/place</c>.
    /// </summary>
    public bool Restricted { get; init; }
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When anything of this changed last. That time makes an alert overdue is no change.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>The alert in a sentence, for a screen that knows nothing of its fields.</summary>
    public required string Summary { get; init; }

    public required IReadOnlyList<PlanView> Plans { get; init; }
    public EncounterView? Encounter { get; init; }

    /// <summary>Where; of a contact of the police the force, its unit and whom to ring there.</summary>
    public WhereView? Where { get; init; }

    /// <summary>What a police force reports; absent of care.</summary>
    public ContactView? Contact { get; init; }

    /// <summary>How often the child was seen, and what else is in this alert; absent of a contact.</summary>
    public AttendancesView? Attendances { get; init; }
    public MatchView? Match { get; init; }

    /// <summary>Safeguarding codes that the trust sent with the encounter.</summary>
    public IReadOnlyList<string> Concerns { get; init; } = [];

    /// <summary>The council's own contacts as the hub stores them; null where the council has sent none.</summary>
    public CouncilView? Council { get; init; }

    public SettledView? Settled { get; init; }

    /// <summary>The last hand-over; the alert is as open as it was.</summary>
    public HandedOverView? HandedOver { get; init; }
    public WithdrawnView? Withdrawn { get; init; }

    /// <summary>
    /// What everybody of the council may see, and what goes over each channel: of a restricted child neither where nor
    /// when.
    /// </summary>
    public static AlertView Of(
        Alert alert,
        Place? place,
        Council? council,
        DateTimeOffset now,
        Func<Sealed<Place>, Place?>? open = null,
        DateTimeOffset? changedAt = null
    )
    {
        var view = WholeOf(alert, place, council, now, open);
        if (changedAt is { } at)
            view = view with { ChangedAt = at };
        return alert.Discloses(Shown.Place) ? view : view.WithoutWhereAndWhen(alert);
    }

    // Of what remains nothing says where: the plan is the council's own, and its days are no times.
    private AlertView WithoutWhereAndWhen(Alert alert) =>
        this with
        {
            Change = null,
            GradeBecause = [],
            RaisedAt = RaisedAt.DayOnly(),
            ChangedAt = ChangedAt.DayOnly(),
            Summary = AlertText.RestrictedSummary(alert),
            Encounter = null,
            Where = null,
            Contact = null,
            Attendances = null,
            Match = null,
            Concerns = [],
            Settled = Settled is null ? null : Settled with { At = Settled.At.DayOnly() },
            HandedOver = HandedOver is null ? null : HandedOver with { At = HandedOver.At.DayOnly(), Text = null },
            Withdrawn = Withdrawn is null ? null : Withdrawn with { At = Withdrawn.At.DayOnly() },
        };

    /// <summary>
    /// Where and when too. A withdrawn alert keeps the council's references and loses where, when and how sure: it was
    /// never right to know them.
    /// </summary>
    public static AlertView WholeOf(
        Alert alert,
        Place? place,
        Council? council,
        DateTimeOffset now,
        Func<Sealed<Place>, Place?>? open = null
    )
    {
        var view = new AlertView
        {
            Id = alert.Id,
            Version = alert.Version,
            State = alert.State,
            News = alert.News,
            Change = alert.Change,
            Grade = alert.Grade,
            GradeBecause = alert.Because,
            Overdue = alert.IsOverdue(now),
            Restricted = alert.IsRestricted,
            RaisedAt = alert.RaisedAt ?? now,
            ChangedAt = alert.ChangedAt == default ? now : alert.ChangedAt,
            Summary = AlertText.Summary(alert, place),
            Plans =
            [
                .. alert
                    .AllPlans()
                    .Select(plan => new PlanView(plan.Reference, plan.Kind, plan.Kind.ToSnomed(), plan.Role)),
            ],
            Council = council is null
                ? null
                : new CouncilView(council.Code, council.Name, council.OfficePhone, council.EmergencyDutyPhone),
            Settled = SettledView.Of(alert),
            HandedOver = HandedOverView.Of(alert),
            Withdrawn = alert is { WithdrawnAt: { } at, WithdrawalReason: { } reason }
                ? new WithdrawnView(at, reason)
                : null,
        };
        if (alert.State is AlertState.Withdrawn)
            return view;
        return view with
        {
            Encounter = EncounterView.Of(alert.Shown),
            Where = WhereView.Of(place),
            Contact = ContactView.Of(place?.Contact),
            // A contact is no attendance.
            Attendances = place?.Contact is not null
                ? null
                : new AttendancesView(
                    alert.Earlier.Count + 1,
                    alert.Attendances,
                    alert.Sites,
                    alert.Sites > 1,
                    alert.RulesVersion,
                    [
                        .. alert.Earlier.Select(earlier => new EarlierView(
                            EncounterView.Of(earlier),
                            WhereView.Of(earlier.SealedPlace() is { } where ? open?.Invoke(where) : null)
                        )),
                    ]
                ),
            Match = new MatchView(
                alert.Certainty,
                Certainty.InWords(alert.Certainty),
                alert.RuleVersion,
                alert.Late,
                alert.DecidedBy,
                alert.Why ?? []
            ),
            Concerns = alert.Concerns,
        };
    }
}

/// <param name="Reference">The council's own reference of the plan.</param>
/// <param name="Kind">Which register.</param>
/// <param name="Snomed">SNOMED CT code of the register.</param>
/// <param name="Role">Whether the patient is the child or the mother of the unborn child.</param>
internal sealed record PlanView(string Reference, PlanKind Kind, string Snomed, MatchRole Role);

/// <param name="Id">The hub's id of the encounter.</param>
/// <param name="Status">Where the encounter stands.</param>
/// <param name="StartedAt">When it began, where the trust said so.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="ReceivedAt">When the hub received it.</param>
internal sealed record EncounterView(
    Guid Id,
    EncounterStatus Status,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset ReceivedAt
)
{
    public static EncounterView Of(Attendance attendance) =>
        new(attendance.EncounterId, attendance.Status, attendance.StartedAt, attendance.EndedAt, attendance.ReceivedAt);
}

/// <param name="InThisAlert">How many attendances are in this alert; more than one where the council's rules
/// group.</param>
/// <param name="Last12Months">How many the hub knows of in the 12 months up to the newest.</param>
/// <param name="Sites">At how many sites those were.</param>
/// <param name="AtDifferentSites">Whether at more than one.</param>
/// <param name="Rules">The version of the council's rules that was asked; 0 where it has none. See <c>GET
/// /rules?version=</c>.</param>
/// <param name="Earlier">The others in this alert, the newest first; the newest of all is the alert's own
/// encounter.</param>
internal sealed record AttendancesView(
    int InThisAlert,
    int Last12Months,
    int Sites,
    bool AtDifferentSites,
    long Rules,
    IReadOnlyList<EarlierView> Earlier
);

/// <param name="Encounter">The attendance.</param>
/// <param name="Where">Where.</param>
internal sealed record EarlierView(EncounterView Encounter, WhereView? Where);

/// <param name="SiteOds">ODS code of the site, where the trust named one.</param>
/// <param name="SiteName">Its name.</param>
/// <param name="OrganisationOds">ODS code of the trust; the code of a police force.</param>
/// <param name="OrganisationName">Its name.</param>
/// <param name="Setting">What kind of care.</param>
/// <param name="Phone">Whom to ring there.</param>
internal sealed record WhereView(
    string? SiteOds,
    string? SiteName,
    string OrganisationOds,
    string? OrganisationName,
    CareSetting Setting,
    string? Phone
)
{
    public static WhereView? Of(Place? place) =>
        place is null
            ? null
            : new WhereView(
                place.SiteOds,
                place.SiteName,
                place.OrganisationOds,
                place.OrganisationName,
                place.Setting,
                place.Phone
            );
}

/// <param name="Kind">What happened.</param>
/// <param name="Grade">How grave the force thinks it, where it grades.</param>
/// <param name="IncidentNumber">What to quote to the force.</param>
internal sealed record ContactView(ContactKind Kind, ContactGrade? Grade, string IncidentNumber)
{
    public static ContactView? Of(PoliceContact? contact) =>
        contact is null ? null : new ContactView(contact.Kind, contact.Grade, contact.IncidentNumber);
}

/// <param name="Probability">That it is the same person, 0 to 1.</param>
/// <param name="InWords">The same in words.</param>
/// <param name="RuleVersion">The rules that decided.</param>
/// <param name="Late">The plan reached the hub after the encounter.</param>
/// <param name="DecidedBy">Whether the rules or a reviewer of the council decided; null of a match from before this was
/// said.</param>
/// <param name="Why">Why it is taken for the same person: how likely, what each trait says, what a brother or sister
/// would look like. Empty of a match from before this was said.</param>
internal sealed record MatchView(
    double Probability,
    string InWords,
    string RuleVersion,
    bool Late,
    MatchDecider? DecidedBy,
    IReadOnlyList<string> Why
);

/// <param name="Code">GSS code.</param>
/// <param name="Name">The council's name.</param>
/// <param name="OfficePhone">In office hours.</param>
/// <param name="EmergencyDutyPhone">Out of hours.</param>
internal sealed record CouncilView(string Code, string Name, string OfficePhone, string EmergencyDutyPhone);

/// <param name="At">When.</param>
/// <param name="By">Who, as the council named them.</param>
/// <param name="Kind">A person or a system.</param>
/// <param name="Refused">Why it was refused; null where it was acknowledged.</param>
internal sealed record SettledView(DateTimeOffset At, string By, ActorKind Kind, RefusalReason? Refused)
{
    public static SettledView? Of(Alert alert) =>
        alert is { SettledAt: { } at, SettledBy: { } by, SettledByKind: { } kind }
            ? new SettledView(at, by, kind, alert.RefusalReason)
            : null;
}

/// <param name="At">When.</param>
/// <param name="To">A colleague or the emergency duty team.</param>
/// <param name="Colleague">Who, as the council named them; absent for the team.</param>
/// <param name="Text">What they are to know. Of a restricted child only where place and time are shown too.</param>
/// <param name="By">Who handed it over.</param>
/// <param name="Kind">A person or a system.</param>
internal sealed record HandedOverView(
    DateTimeOffset At,
    HandedTo To,
    string? Colleague,
    string? Text,
    string By,
    ActorKind Kind
)
{
    public static HandedOverView? Of(Alert alert) =>
        alert is { HandedOverAt: { } at, HandedOverTo: { } to, HandedOverBy: { } by, HandedOverByKind: { } kind }
            ? new HandedOverView(at, to, alert.HandedOverColleague, alert.HandedOverText, by, kind)
            : null;
}

/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
internal sealed record WithdrawnView(DateTimeOffset At, WithdrawalReason Reason);
