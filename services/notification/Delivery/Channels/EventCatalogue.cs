using Safeguarding.Contracts;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Registrations;

namespace Safeguarding.Notification.Delivery.Channels;

/// <summary>
/// Every type of event that a council is sent, each with a made-up one: what a test event sends, and the sample of the
/// catalogue. It is marked as synthetic, lies in no table, and was never anybody's.
/// </summary>
internal static class EventCatalogue
{
    private static readonly Place Nowhere = new(
        "TEST",
        "Test trust",
        "TEST1",
        "Test hospital",
        CareSetting.EmergencyDepartment,
        "020 7946 0000"
    );

    public static IReadOnlyList<EventKind> All { get; } =
    [
        new(
            AlertSignalTypes.Raised,
            "A new alert: a child on a plan of yours, or the mother of an unborn one, is in unscheduled care.",
            (council, now) => OfAlert(Raised(council, now), now)
        ),
        new(AlertSignalTypes.Amended, "An alert has changed; it says what.", (council, now) => Amended(council, now)),
        new(AlertSignalTypes.Withdrawn, "An alert was wrong and is taken back: disregard it.", (council, now) =>
            Withdrawn(council, now)
        ),
        new(
            AlertSignalTypes.EndpointFailing,
            "Another endpoint of yours fails: what is sent there waits.",
            (council, now) =>
                new Notice.OfEndpoint(Id(now), council, "case-system", now.AddMinutes(-2), AttemptOutcome.TimedOut)
        ),
        new(AlertSignalTypes.EndpointRecovered, "An endpoint of yours that failed answers again.", (council, now) =>
            new Notice.OfEndpoint(Id(now), council, "case-system", now.AddMinutes(-2), null)
        ),
        new(
            AlertSignalTypes.ReviewRaised,
            "A question waits for a person of yours: is this patient the child of your plan?",
            (council, now) => new Notice.OfReview(Review(council, now, overdue: false))
        ),
        new(AlertSignalTypes.ReviewOverdue, "Such a question is due and nobody has taken it.", (council, now) =>
            new Notice.OfReview(Review(council, now.AddHours(-1), overdue: true))
        ),
        new(
            AlertSignalTypes.UploadAwaitingConfirmation,
            "An upload of your register would change too much and waits for you to confirm or discard it.",
            (council, now) => new Notice.OfUpload(Upload(council, now))
        ),
        new(
            AlertSignalTypes.PlanLookedUp,
            "A person looked up a child of a running plan of yours in unscheduled care.",
            (council, now) => new Notice.OfLookup(Lookup(council, now))
        ),
        new(
            AlertSignalTypes.ChildRegisteredAgain,
            "A child of yours is on another council's register too.",
            (council, now) => new Notice.OfRegistration(Registration(council, now))
        ),
        new(
            AlertSignalTypes.PlaceAgreement,
            "Another council lets you see where a child is whom it has restricted, or no longer does.",
            (council, now) => new Notice.OfPlaceAgreement(Registration(council, now), Agreed: true, now)
        ),
        new(
            AlertSignalTypes.BreakGlassUsed,
            "Somebody in the organisation used break-glass. Sent to its privacy officer alone (PUT /break-glass/contact).",
            (organisation, now) => new Notice.OfBreakGlass(Use(organisation, now))
        ),
        new(
            AlertSignalTypes.AuditRoot,
            "A signed root of a service's audit, for you to keep. Sent only to a webhook whose types name it.",
            (council, now) => new Notice.OfAuditRoot(council, Root(council, now))
        ),
        new(AlertSignalTypes.Test, "A test that you asked for without naming a type.", (council, now) =>
            new Notice.Test(Id(now), council)
        ),
    ];

    public static EventKind? Find(string type) => All.FirstOrDefault(kind => kind.Type == type);

    private static Guid Id(DateTimeOffset now) => Guid.CreateVersion7(now);

    private static Notice.OfAlert OfAlert(Alert alert, DateTimeOffset now) =>
        new(
            alert,
            () =>
            {
                var view = AlertView.Of(
                    alert,
                    alert.State is AlertState.Withdrawn ? null : Nowhere,
                    council: null,
                    now,
                    changedAt: now
                );
                return view with { Synthetic = true, Summary = $"Test, nothing to do. {view.Summary}" };
            },
            Number: 0
        );

    private static Alert Raised(string council, DateTimeOffset now)
    {
        var alert = Alert.Raise(Match(council, now), traceParent: null, now);
        (alert.Attendances, alert.Sites) = (1, 1);
        return alert;
    }

    private static Notice.OfAlert Amended(string council, DateTimeOffset now)
    {
        var alert = Raised(council, now.AddHours(-2));
        var seen = Match(council, now.AddHours(-2)) with
        {
            EncounterId = alert.EncounterId,
            Version = 2,
            Plans = alert.Plans,
            Status = EncounterStatus.Finished,
            EndedAt = now,
        };
        alert.Take(seen, placeChanged: false, traceParent: null, now);
        return OfAlert(alert, now);
    }

    private static Notice.OfAlert Withdrawn(string council, DateTimeOffset now)
    {
        var alert = Raised(council, now.AddHours(-2));
        alert.Leave(alert.EncounterId, WithdrawalReason.EncounterEnteredInError, now);
        return OfAlert(alert, now);
    }

    // These are published by nobody: whoever searches for what makes an event finds its sender alone.
    private static PlanUploadAwaitsConfirmation Upload(string council, DateTimeOffset now) =>
        new(Id(now), council, Sequence: 42, RunningPlans: 80, PlansEnding: 12, 0, 0, now);

    private static PlanLookedUp Lookup(string council, DateTimeOffset now) =>
        new(Id(now), council, [Id(now)], now, Nowhere.OrganisationOds, "clinician-unscheduled");

    private static BreakGlassUsed Use(string organisation, DateTimeOffset now) => new(Id(now), organisation, now);

    private static RootForOrganisation Root(string council, DateTimeOffset now)
    {
        ChainHead[] heads = [new(council, 1, new byte[AuditHash.Bytes]), new("TEST", 1, new byte[AuditHash.Bytes])];
        return RootForOrganisation.Of(
            new AuditRoot(
                "test",
                Number: 1,
                now,
                AuditHash.Root(heads),
                new byte[AuditHash.Bytes],
                heads,
                // Nobody signed it.
                new byte[2 * AuditHash.Bytes]
            ),
            council
        );
    }

    private static EncounterMatched Match(string council, DateTimeOffset now) =>
        new(
            Id(now),
            council,
            Version: 1,
            [new MatchedPlan(Id(now), "TEST-PLAN", PlanKind.ChildProtection, MatchRole.Child)],
            Certainty: 0.9995,
            RuleVersion: "test",
            Late: false,
            EncounterStatus.Arrived,
            StartedAt: now.AddMinutes(-10),
            EndedAt: null,
            ReceivedAt: now,
            // Where is given to the view; there is nothing to open.
            new Sealed<Place>("none", []),
            Concerns: [],
            ["99.95 % likely to be the same child. 99.9 % is needed to alert by itself."],
            MatchDecider.Rules
        );

    private static MatchNeedsReview Review(string council, DateTimeOffset raised, bool overdue) =>
        new(Id(raised), council, Version: 1, raised, raised.AddHours(1), overdue);

    private static RegistrationNotice Registration(string council, DateTimeOffset now) =>
        new()
        {
            Id = Id(now),
            PairId = Id(now),
            CouncilCode = council,
            PlanId = Id(now),
            Reference = "TEST-PLAN",
            IsRegistrant = false,
            OtherCouncilCode = "TEST",
            OtherPlanId = Id(now),
            OtherReference = "TEST-PLAN",
            OtherIsNamed = false,
            RegisteredAt = now,
            NotifiedAt = now,
        };
}

/// <summary>A type of event.</summary>
/// <param name="Type">A name in <see cref="AlertSignalTypes"/>.</param>
/// <param name="Description">What it says, in a sentence.</param>
/// <param name="Make">A made-up one, for a council, at a time.</param>
internal sealed record EventKind(string Type, string Description, Func<string, DateTimeOffset, Notice> Make)
{
    /// <summary>Which version of the type: what it says grows within a version and never changes its meaning.</summary>
    public int Version => Type[^1] - '0';

    public Notice Synthetic(string councilCode, DateTimeOffset now) =>
        Make(councilCode, now) with
        {
            IsSynthetic = true,
        };
}
