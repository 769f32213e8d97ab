using System.ComponentModel.DataAnnotations;

namespace Safeguarding.Notification.Delivery.Endpoints;

/// <summary>Settings of outgoing webhooks (section <c>Webhooks</c>).</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Lets councils register http endpoints. For development only.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Lets endpoints be in private networks. Metadata services stay closed.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>How long an endpoint may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Longer than a request can take and its end be written down, so that no other replica sends the same
    /// attempt.
    /// </summary>
    public TimeSpan Lease => RequestTimeout + TimeSpan.FromSeconds(25);
}
