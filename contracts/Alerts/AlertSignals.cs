namespace Safeguarding.Contracts.Alerts;

/// <summary>
/// What a council's webhook carries by default, as the data of a CloudEvent: that there is news of an alert, and
/// nothing of whom or where. The alert itself is read with the council's own token. Sent by notification to
/// subscriptions; not on the bus.
/// </summary>
/// <param name="AlertId">The alert; the same for ever, over repeats, amendments and withdrawal.</param>
/// <param name="Version">Which state of the alert this tells of.</param>
/// <param name="CouncilCode">The council it is for.</param>
public sealed record AlertSignal(Guid AlertId, long Version, string CouncilCode);

/// <summary>CloudEvents types of what is sent to councils.</summary>
/// <remarks>Source: CloudEvents 1.0, attribute <c>type</c>; the names are the hub's own.</remarks>
public static class AlertSignalTypes
{
    /// <summary>A new alert.</summary>
    public const string Raised = "uk.safeguarding-hub.alert.raised.v1";

    /// <summary>The encounter moved on, or the alert's facts changed.</summary>
    public const string Amended = "uk.safeguarding-hub.alert.amended.v1";

    /// <summary>The alert is taken back.</summary>
    public const string Withdrawn = "uk.safeguarding-hub.alert.withdrawn.v1";

    /// <summary>Another endpoint of the same council fails.</summary>
    public const string EndpointFailing = "uk.safeguarding-hub.endpoint.failing.v1";

    /// <summary>It answers again.</summary>
    public const string EndpointRecovered = "uk.safeguarding-hub.endpoint.recovered.v1";

    /// <summary>A question waits for a person of the council: is this patient the child of a plan?</summary>
    public const string ReviewRaised = "uk.safeguarding-hub.review.raised.v1";

    /// <summary>The question has fallen due with nobody on it.</summary>
    public const string ReviewOverdue = "uk.safeguarding-hub.review.overdue.v1";

    /// <summary>An upload of the council's register waits for its confirmation.</summary>
    public const string UploadAwaitingConfirmation = "uk.safeguarding-hub.upload.awaiting-confirmation.v1";

    /// <summary>A child of the council is on another council's register too.</summary>
    public const string ChildRegisteredAgain = "uk.safeguarding-hub.child.registered-again.v1";

    /// <summary>
    /// The council that has restricted a child lets this council see where the child is, or no longer does.
    /// </summary>
    public const string PlaceAgreement = "uk.safeguarding-hub.child.place-agreement.v1";

    /// <summary>A person looked up a child of a running plan in unscheduled care.</summary>
    public const string PlanLookedUp = "uk.safeguarding-hub.plan.looked-up.v1";

    /// <summary>
    /// Somebody in the organisation used break-glass. Goes to its privacy officer alone.
    /// </summary>
    public const string BreakGlassUsed = "uk.safeguarding-hub.break-glass.used.v1";

    /// <summary>
    /// A signed root of a service's audit, for the council to keep. Sent only to a subscription that names this type.
    /// </summary>
    public const string AuditRoot = "uk.safeguarding-hub.audit.root.v1";

    /// <summary>A test event a council asked for.</summary>
    public const string Test = "uk.safeguarding-hub.test.v1";
}
