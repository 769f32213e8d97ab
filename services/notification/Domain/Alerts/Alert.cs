using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Notification.Domain.Alerts;

/// <summary>
/// What one council is notified of about one encounter: one row per (encounter, council) for ever. A withdrawal that
/// overtakes its match leaves a row that was never raised (<see cref="RaisedAt"/> is null), so the late match finds it
/// and raises nothing.
/// </summary>
internal sealed class Alert
{
    public required Guid Id { get; init; }
    public required Guid EncounterId { get; init; }
    public required string CouncilCode { get; init; }

    /// <summary>When anything that its council sees changed last; kept by the database, whoever writes.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>
    /// Where that change stands in the order in which the council reads changes; null until it first asks
    /// (<c>GET /alerts?changedAfter=</c>).
    /// </summary>
    public long? ChangeNumber { get; init; }

    /// <summary>The newest version of the match that was seen; at or below it nothing changes.</summary>
    public long MatchVersion { get; set; }

    /// <summary>Counts what the council is sent; 0 while nothing was.</summary>
    public long Version { get; set; }

    public AlertState State { get; set; }
    public AlertNews News { get; set; }

    /// <summary>What the last amendment changed, in one line without personal data.</summary>
    public string? Change { get; set; }

    /// <summary>The newest version still waits to be taken through the feed.</summary>
    public bool InFeed { get; set; }

    /// <summary>The council has read or claimed it, so it must be notified of a withdrawal.</summary>
    public bool Disclosed { get; set; }

    public DateTimeOffset? RaisedAt { get; set; }

    public AlertGrade Grade { get; set; }

    /// <summary>
    /// When it was raised or reopened last: what is to happen while nobody acknowledges it is counted from
    /// here.
    /// </summary>
    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>Open at this moment it is overdue; by the council's rules as they were when it was opened.</summary>
    public DateTimeOffset? OverdueAt { get; set; }

    /// <summary>
    /// The alert that this encounter is in too, where its council groups; then this row is never seen and
    /// only remembers versions.
    /// </summary>
    public Guid? GroupedInto { get; set; }

    /// <summary>
    /// Whose facts follow: the newest attendance's. Null where it was never another than the alert's
    /// own.
    /// </summary>
    public Guid? ShownEncounterId { get; set; }

    public List<MatchedPlan> Plans { get; set; } = [];
    public double Certainty { get; set; }
    public string RuleVersion { get; set; } = "";
    public bool Late { get; set; }
    public EncounterStatus EncounterStatus { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public DateTimeOffset ReceivedAt { get; set; }
    public List<string> Concerns { get; set; } = [];

    /// <summary>Why it is taken for the same person, in sentences without a trait; and who decided.</summary>
    public List<string>? Why { get; set; }
    public MatchDecider? DecidedBy { get; set; }

    /// <summary>Where, as it came sealed; forgotten when the alert is withdrawn.</summary>
    public string? PlaceKeyId { get; set; }
    public byte[]? PlaceValue { get; set; }

    /// <summary>The other attendances in this alert, the newest first.</summary>
    public List<Attendance> Earlier { get; set; } = [];

    /// <summary>
    /// The version in which the newest attendance was first; an answer to an older one does not close the
    /// alert.
    /// </summary>
    public long AttendedVersion { get; set; }

    /// <summary>
    /// Attendances of the child that the hub knows of in the 12 months up to the newest, and at how many
    /// sites.
    /// </summary>
    public int Attendances { get; set; }
    public int Sites { get; set; }

    /// <summary>The council's patterns that gave the grade, and which version of its rules was asked.</summary>
    public List<string> Because { get; set; } = [];
    public long RulesVersion { get; set; }

    public Guid? LeaseId { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }
    public long? ClaimedVersion { get; set; }

    public DateTimeOffset? SettledAt { get; set; }
    public string? SettledBy { get; set; }
    public ActorKind? SettledByKind { get; set; }
    public RefusalReason? RefusalReason { get; set; }

    /// <summary>The last hand-over since it was raised or reopened.</summary>
    public DateTimeOffset? HandedOverAt { get; set; }
    public HandedTo? HandedOverTo { get; set; }
    public string? HandedOverColleague { get; set; }
    public string? HandedOverText { get; set; }
    public string? HandedOverBy { get; set; }
    public ActorKind? HandedOverByKind { get; set; }

    public DateTimeOffset? WithdrawnAt { get; set; }
    public WithdrawalReason? WithdrawalReason { get; set; }

    /// <summary>
    /// W3C trace context of the match, so that deliveries days later still belong to the encounter's
    /// trace.
    /// </summary>
    public string? TraceParent { get; set; }

    public bool IsOpen => State is AlertState.Raised or AlertState.Delivered;

    /// <summary>Its council is notified of it by itself: not only remembers versions.</summary>
    public bool IsRaised => this is { RaisedAt: not null, GroupedInto: null };

    /// <summary>The newest attendance.</summary>
    public Attendance Shown =>
        new()
        {
            EncounterId = ShownEncounterId ?? EncounterId,
            Plans = Plans,
            Certainty = Certainty,
            RuleVersion = RuleVersion,
            Late = Late,
            Status = EncounterStatus,
            StartedAt = StartedAt,
            EndedAt = EndedAt,
            ReceivedAt = ReceivedAt,
            Concerns = Concerns,
            Why = Why,
            DecidedBy = DecidedBy,
            PlaceKeyId = PlaceKeyId,
            PlaceValue = PlaceValue,
        };

    public IEnumerable<MatchedPlan> AllPlans() =>
        PlansOfEach().DistinctBy(plan => plan with { Restriction = PlanRestriction.None, WithheldBy = null });

    private IEnumerable<MatchedPlan> PlansOfEach() => Plans.Concat(Earlier.SelectMany(attendance => attendance.Plans));

    /// <summary>A council, this or another, has restricted a plan of the child.</summary>
    public bool IsRestricted => PlansOfEach().Any(plan => plan.Restriction is not PlanRestriction.None);

    /// <summary>Where and when is another council's to give.</summary>
    public bool IsWithheld => PlansOfEach().Any(plan => plan.Restriction is PlanRestriction.ByAnotherCouncil);

    /// <summary>Whether its council is shown this.</summary>
    /// <param name="what">Of the child.</param>
    /// <param name="agreed">Whether those have agreed who must.</param>
    public bool Discloses(Shown what, bool agreed = false) =>
        DecideDisclosure.Decide(Asked.OfOwnChild(what, IsRestricted, IsWithheld) with { Agreed = agreed })
        is Extent.Whole;

    /// <summary>The councils that must agree before it is shown; null of one that is not known.</summary>
    public IEnumerable<string?> WithheldBy =>
        PlansOfEach()
            .Where(plan => plan.Restriction is PlanRestriction.ByAnotherCouncil)
            .Select(plan => plan.WithheldBy)
            .Distinct();

    /// <summary>The attendance of this encounter, where the alert has it.</summary>
    public Attendance? AttendanceOf(Guid encounterId) =>
        State is AlertState.Withdrawn
            ? null
            : Earlier.Prepend(Shown).FirstOrDefault(attendance => attendance.EncounterId == encounterId);

    public Sealed<Place>? Place =>
        PlaceKeyId is null || PlaceValue is null ? null : new Sealed<Place>(PlaceKeyId, PlaceValue);

    public bool IsOverdue(DateTimeOffset now) => IsOpen && OverdueAt <= now;

    public void ExpectAnswer(TimeSpan within) => OverdueAt = OpenedAt + within;

    public static Alert Raise(EncounterMatched match, string? traceParent, DateTimeOffset now)
    {
        var alert = new Alert
        {
            // An id says when it was made: of a restricted child's alert, the day.
            Id = Guid.CreateVersion7(
                match.Plans.Any(plan => plan.Restriction is not PlanRestriction.None) ? now.DayOnly() : now
            ),
            EncounterId = match.EncounterId,
            CouncilCode = match.CouncilCode,
        };
        alert.NextVersion(AlertNews.Raised);
        (alert.RaisedAt, alert.OpenedAt, alert.State) = (now, now, AlertState.Raised);
        alert.BeAttended();
        alert.MatchVersion = match.Version;
        alert.Show(Attendance.Of(match));
        alert.TraceParent = traceParent;
        return alert;
    }

    /// <summary>An encounter that joins an alert: its own row is never raised.</summary>
    public static Alert Joined(EncounterMatched match, Alert lead, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            EncounterId = match.EncounterId,
            CouncilCode = match.CouncilCode,
            MatchVersion = match.Version,
            GroupedInto = lead.Id,
        };

    /// <summary>A match that is withdrawn before it was ever received.</summary>
    public static Alert NeverRaised(MatchWithdrawn withdrawal, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            EncounterId = withdrawal.EncounterId,
            CouncilCode = withdrawal.CouncilCode,
            MatchVersion = withdrawal.Version,
            State = AlertState.Withdrawn,
            News = AlertNews.Withdrawn,
            WithdrawnAt = now,
            WithdrawalReason = withdrawal.Reason,
        };

    /// <summary>Raises again what was withdrawn, or what joined an alert that will not take it back.</summary>
    public AlertNews RaiseAgain(EncounterMatched match, string? traceParent, DateTimeOffset now)
    {
        (WithdrawnAt, WithdrawalReason, Change, GroupedInto, Earlier) = (null, null, null, null, []);
        RaisedAt ??= now;
        Reopen(now);
        Show(Attendance.Of(match));
        TraceParent = traceParent ?? TraceParent;
        var news = NextVersion(AlertNews.Raised);
        BeAttended();
        return news;
    }

    /// <summary>
    /// Takes a newer match of an encounter that it has. Returns what the council is to receive, or null
    /// where nothing that it sees has changed.
    /// </summary>
    public AlertNews? Take(EncounterMatched match, bool placeChanged, string? traceParent, DateTimeOffset now)
    {
        var before = AttendanceOf(match.EncounterId)
            ?? throw new InvalidOperationException("The alert has no attendance for this encounter.");
        var change = AlertChange.Describe(before, match, placeChanged);
        // A council that said "not ours" of one plan has not said it of another.
        var reopened =
            State is AlertState.Refused
            && match.Plans.Any(plan => AllPlans().All(known => known.PlanId != plan.PlanId));
        var silent = change is null || (State is AlertState.Refused && !reopened);
        Arrange([
            Attendance.Of(match, before),
            .. Earlier.Prepend(Shown).Where(attendance => attendance.EncounterId != match.EncounterId),
        ]);
        TraceParent = traceParent ?? TraceParent;
        if (silent)
            return null;

        if (reopened)
            Reopen(now);
        Change = change;
        return NextVersion(AlertNews.Amended);
    }

    /// <summary>
    /// Another attendance of the same child joins. Of an alert that nobody has been notified of yet it is part of
    /// what is raised.
    /// </summary>
    public AlertNews Join(EncounterMatched match, string? traceParent, DateTimeOffset now, bool untold = false)
    {
        Arrange([Attendance.Of(match), .. Earlier.Prepend(Shown)]);
        TraceParent = traceParent ?? TraceParent;
        if (untold)
            return AlertNews.Raised;

        if (!IsOpen)
            Reopen(now);
        Change = $"another attendance: {Earlier.Count + 1} in this alert";
        var news = NextVersion(AlertNews.Amended);
        BeAttended();
        return news;
    }

    /// <summary>
    /// Takes an attendance back: amended while others remain, withdrawn with the last. Null where the alert
    /// does not have it.
    /// </summary>
    public AlertNews? Leave(Guid encounterId, WithdrawalReason reason, DateTimeOffset now)
    {
        if (AttendanceOf(encounterId) is null)
            return null;
        List<Attendance> rest = [.. Earlier.Prepend(Shown).Where(attendance => attendance.EncounterId != encounterId)];
        if (rest is not [])
        {
            Arrange(rest);
            Change = $"an attendance was taken back ({reason}): {rest.Count} in this alert";
            return NextVersion(AlertNews.Amended);
        }

        State = AlertState.Withdrawn;
        (WithdrawnAt, WithdrawalReason, Change) = (now, reason, null);
        (PlaceKeyId, PlaceValue, Why, DecidedBy) = (null, null, null, null);
        NextVersion(AlertNews.Withdrawn);
        InFeed = Disclosed;
        return AlertNews.Withdrawn;
    }

    /// <summary>The grade has risen and nothing else is news.</summary>
    public AlertNews Rise()
    {
        Change = $"grade now {Grade.ToString().ToLowerInvariant()}";
        return NextVersion(AlertNews.Amended);
    }

    public void Acknowledge(Actor actor, long version, DateTimeOffset now)
    {
        // An attendance that joined after the version that was read has been taken by nobody.
        if (IsOpen && version < AttendedVersion)
        {
            LeaveFeed(version);
            return;
        }
        if (IsOpen)
            (State, RefusalReason) = (AlertState.Acknowledged, null);
        if (SettledAt is null)
            (SettledAt, SettledBy, SettledByKind) = (now, actor.Name, actor.Kind);
        LeaveFeed(version);
    }

    public void Refuse(Actor actor, RefusalReason reason, long version, DateTimeOffset now)
    {
        State = AlertState.Refused;
        (SettledAt, SettledBy, SettledByKind, RefusalReason) = (now, actor.Name, actor.Kind, reason);
        LeaveFeed(version);
    }

    public void Hand(HandOver over, Actor actor, DateTimeOffset now)
    {
        (HandedOverAt, HandedOverBy, HandedOverByKind) = (now, actor.Name, actor.Kind);
        (HandedOverTo, HandedOverColleague, HandedOverText) = (over.To, over.Colleague, over.Text);
    }

    private void Reopen(DateTimeOffset now)
    {
        (State, OpenedAt) = (AlertState.Raised, now);
        (SettledAt, SettledBy, SettledByKind, RefusalReason) = (null, null, null, null);
        (HandedOverAt, HandedOverBy, HandedOverByKind) = (null, null, null);
        (HandedOverTo, HandedOverColleague, HandedOverText) = (null, null, null);
    }

    private void LeaveFeed(long version)
    {
        (LeaseId, LeasedUntil, ClaimedVersion) = (null, null, null);
        // Something newer than what was taken is still news.
        if (version >= Version)
            InFeed = false;
    }

    private AlertNews NextVersion(AlertNews news)
    {
        Version++;
        News = news;
        InFeed = true;
        return news;
    }

    private void BeAttended() => AttendedVersion = Version;

    private void Arrange(IEnumerable<Attendance> attendances)
    {
        var newestFirst = attendances.OrderByDescending(attendance => attendance.When).ToList();
        Show(newestFirst[0]);
        Earlier = newestFirst[1..];
    }

    private void Show(Attendance attendance)
    {
        ShownEncounterId = attendance.EncounterId;
        Plans = [.. attendance.Plans];
        Certainty = attendance.Certainty;
        RuleVersion = attendance.RuleVersion;
        Late = attendance.Late;
        EncounterStatus = attendance.Status;
        StartedAt = attendance.StartedAt;
        EndedAt = attendance.EndedAt;
        ReceivedAt = attendance.ReceivedAt;
        Concerns = [.. attendance.Concerns];
        (Why, DecidedBy) = (attendance.Why?.ToList(), attendance.DecidedBy);
        (PlaceKeyId, PlaceValue) = (attendance.PlaceKeyId, attendance.PlaceValue);
    }
}

/// <summary>Who did something: as the council names them, or the client id of its system.</summary>
internal sealed record Actor(ActorKind Kind, string Name);
