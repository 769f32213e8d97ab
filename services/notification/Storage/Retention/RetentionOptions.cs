using System.ComponentModel.DataAnnotations;

namespace Safeguarding.Notification.Storage.Retention;

/// <summary>How long the service keeps what it no longer needs (section <c>Retention</c>).</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Attempts at deliveries, and what was sent that is about no alert.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Attempts { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Closed alerts, with their histories and deliveries, from when they were raised. An open one is kept for
    /// as long as it is open.
    /// </summary>
    [Range(typeof(TimeSpan), "30.00:00:00", "36500.00:00:00")]
    public TimeSpan Alerts { get; set; } = TimeSpan.FromDays(730);
}
