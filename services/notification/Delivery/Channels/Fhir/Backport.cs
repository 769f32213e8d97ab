namespace Safeguarding.Notification.Delivery.Channels.Fhir;

/// <summary>
/// Names that the Subscriptions R5 Backport guide (1.1.0) gives things in R4, and the hub's own
/// topic.
/// </summary>
internal static class Backport
{
    /// <summary>Alerts of the caller's council: raised, amended, withdrawn.</summary>
    public const string Topic = "https://safeguarding-hub.uk/fhir/SubscriptionTopic/alert";

    private const string Guide = "http://hl7.org/fhir/uv/subscriptions-backport/";
    public const string SubscriptionProfile = Guide + "StructureDefinition/backport-subscription";
    public const string NotificationProfile = Guide + "StructureDefinition/backport-subscription-notification-r4";
    public const string StatusProfile = Guide + "StructureDefinition/backport-subscription-status-r4";
    public const string PayloadContent = Guide + "StructureDefinition/backport-payload-content";
    public const string HeartbeatPeriod = Guide + "StructureDefinition/backport-heartbeat-period";
    public const string Timeout = Guide + "StructureDefinition/backport-timeout";
    public const string MaxCount = Guide + "StructureDefinition/backport-max-count";
    public const string TopicCanonical = Guide + "StructureDefinition/capabilitystatement-subscriptiontopic-canonical";
    public const string StatusOperation = Guide + "OperationDefinition/backport-subscription-status";
    public const string EventsOperation = Guide + "OperationDefinition/backport-subscription-events";

    private const string Hub = "https://safeguarding-hub.uk/fhir/StructureDefinition/";

    /// <summary>
    /// Extension of <c>Subscription.channel</c>: what verifies the signature <c>v1a</c> of each
    /// notification.
    /// </summary>
    public const string WebhookPublicKey = Hub + "webhook-public-key";

    /// <summary>
    /// Extension of <c>Subscription.channel</c>, in the answer that makes the subscription only: what verifies
    /// <c>v1</c>.
    /// </summary>
    public const string WebhookSecret = Hub + "webhook-secret";

    public const string IdOnly = "id-only";
    public const string FullResource = "full-resource";
}
