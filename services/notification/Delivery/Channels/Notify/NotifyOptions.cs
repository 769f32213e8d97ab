using System.ComponentModel.DataAnnotations;

namespace Safeguarding.Notification.Delivery.Channels.Notify;

/// <summary>
/// Settings of GOV.UK Notify (section <c>Notify</c>). Its templates have the fields <c>news</c>, <c>alert</c> and
/// <c>link</c>. Without a key and a template the channel is not offered.
/// </summary>
internal sealed class NotifyOptions
{
    public const string Section = "Notify";

    /// <summary>Of the hub's service at Notify.</summary>
    public string? ApiKey { get; set; }

    [Url]
    public string BaseUrl { get; set; } = "https://api.notifications.service.gov.uk/";

    public string? EmailTemplateId { get; set; }

    public string? SmsTemplateId { get; set; }

    /// <summary>How long Notify may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
