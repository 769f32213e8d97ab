using Safeguarding.Contracts.Alerts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Registrations;

namespace Safeguarding.Notification.Delivery.Channels;

/// <summary>What a council is to receive, in no channel's form: each channel turns it into its own.</summary>
/// <param name="Id">One id for one event, the same on every channel.</param>
/// <param name="EventType">What it is, by its name in <see cref="AlertSignalTypes"/> where it has one there.</param>
internal abstract record Notice(string Id, string EventType)
{
    /// <summary>A version of an alert.</summary>
    /// <param name="Alert">The alert.</param>
    /// <param name="View">The alert with its place opened; asked for only by a message that says where.</param>
    /// <param name="Number">Which event of the subscription it is, where the channel counts them.</param>
    public sealed record OfAlert(Alert Alert, Func<AlertView> View, long Number)
        : Notice($"{Alert.Id:N}-{Alert.Version}", TypeOf(Alert.News));

    /// <summary>Another endpoint of the same council fails, or answers again.</summary>
    /// <param name="ReportId">Names the report.</param>
    /// <param name="CouncilCode">The council.</param>
    /// <param name="Subscription">The council's name for the subscription whose endpoint it is.</param>
    /// <param name="FailingSince">Since when it fails, or failed.</param>
    /// <param name="Outcome">How it fails; null where it answers again.</param>
    public sealed record OfEndpoint(
        Guid ReportId,
        string CouncilCode,
        string Subscription,
        DateTimeOffset FailingSince,
        AttemptOutcome? Outcome
    )
        : Notice(
            $"{ReportId:N}",
            Outcome is null ? AlertSignalTypes.EndpointRecovered : AlertSignalTypes.EndpointFailing
        );

    /// <summary>A question waits for a person of the council. Read with <c>GET /reviews</c> at matching.</summary>
    /// <param name="Review">Which, since when, and by when it is due.</param>
    public sealed record OfReview(MatchNeedsReview Review)
        : Notice(
            $"{Review.ReviewId:N}-{Review.Version}{(Review.Overdue ? "-overdue" : "")}",
            Review.Overdue ? AlertSignalTypes.ReviewOverdue : AlertSignalTypes.ReviewRaised
        );

    /// <summary>
    /// An upload of the council's register waits for its confirmation. Read with <c>GET /uploads/{id}</c> at
    /// plan-registry.
    /// </summary>
    /// <param name="Upload">Which, and what it would change.</param>
    public sealed record OfUpload(PlanUploadAwaitsConfirmation Upload)
        : Notice($"{Upload.UploadId:N}", AlertSignalTypes.UploadAwaitingConfirmation);

    /// <summary>
    /// A child of the council is on another's register too. Read with <c>GET /registrations/{id}</c>.
    /// </summary>
    /// <param name="Registration">What the council may know of it.</param>
    public sealed record OfRegistration(RegistrationNotice Registration)
        : Notice($"{Registration.Id:N}", AlertSignalTypes.ChildRegisteredAgain);

    /// <summary>Whether the council may see where a child is whom another has restricted has changed.</summary>
    /// <param name="Registration">What the council may know of it.</param>
    /// <param name="Agreed">It may from now on; false: no longer.</param>
    /// <param name="At">Since when.</param>
    public sealed record OfPlaceAgreement(RegistrationNotice Registration, bool Agreed, DateTimeOffset At)
        : Notice($"{Registration.Id:N}-{At.UtcTicks}", AlertSignalTypes.PlaceAgreement);

    /// <summary>
    /// A person looked up a child of the council in unscheduled care. Read with <c>GET /lookups/{id}</c> at
    /// plan-registry.
    /// </summary>
    /// <param name="Lookup">Which.</param>
    public sealed record OfLookup(PlanLookedUp Lookup) : Notice($"{Lookup.LookupId:N}", AlertSignalTypes.PlanLookedUp);

    /// <summary>
    /// Somebody in the organisation used break-glass. Read with <c>GET /break-glass</c> at plan-registry.
    /// </summary>
    /// <param name="Use">Which; neither who nor which child.</param>
    public sealed record OfBreakGlass(BreakGlassUsed Use) : Notice($"{Use.UseId:N}", AlertSignalTypes.BreakGlassUsed);

    /// <summary>A signed root of a service's audit, for the council to keep.</summary>
    /// <param name="CouncilCode">The council.</param>
    /// <param name="Root">As this council is given it.</param>
    public sealed record OfAuditRoot(string CouncilCode, RootForOrganisation Root)
        : Notice($"audit-root-{Root.Service}-{Root.Number}", AlertSignalTypes.AuditRoot);

    /// <summary>Opens a subscription that waits for its endpoint to answer.</summary>
    public sealed record Handshake() : Notice("handshake", EndpointDelivery.HandshakeType);

    /// <summary>A sign of life.</summary>
    public sealed record Heartbeat() : Notice("heartbeat", EndpointDelivery.HeartbeatType);

    /// <summary>A test that the council asked for.</summary>
    /// <param name="TestId">Names the test.</param>
    /// <param name="CouncilCode">The council.</param>
    public sealed record Test(Guid TestId, string CouncilCode) : Notice($"{TestId:N}", AlertSignalTypes.Test);

    /// <summary>Made up for a test: nobody was seen anywhere, and every channel says so.</summary>
    public bool IsSynthetic { get; init; }

    /// <summary>Nothing that is kept or sent of it may say when, but for the day.</summary>
    public bool IsOfRestricted =>
        this
            is OfAlert { Alert.IsRestricted: true }
                or OfLookup { Lookup.Organisation: null }
                or OfReview { Review.Restricted: true };

    public static string TypeOf(AlertNews news) =>
        news switch
        {
            AlertNews.Raised => AlertSignalTypes.Raised,
            AlertNews.Amended => AlertSignalTypes.Amended,
            _ => AlertSignalTypes.Withdrawn,
        };
}
