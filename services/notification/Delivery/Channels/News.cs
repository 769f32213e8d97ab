using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery.Channels;

/// <summary>What a channel is asked to put into words.</summary>
internal abstract record News
{
    private News() { }

    /// <summary>A version of an alert.</summary>
    /// <param name="Alert">The alert.</param>
    /// <param name="View">The alert with its place opened; asked for only by a message that says where.</param>
    /// <param name="Number">Which event of the subscription it is, where the channel counts them.</param>
    public sealed record OfAlert(Alert Alert, Func<AlertView> View, long Number) : News;

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
    ) : News;

    /// <summary>A question waits for a person of the council.</summary>
    /// <param name="Review">Which, since when, and by when it is due.</param>
    public sealed record OfReview(MatchNeedsReview Review) : News;

    /// <summary>An upload of the council's register waits for its confirmation.</summary>
    /// <param name="Upload">Which, and what it would change.</param>
    public sealed record OfUpload(PlanUploadAwaitsConfirmation Upload) : News;

    /// <summary>Opens a subscription that waits for its endpoint to answer.</summary>
    public sealed record Handshake : News;

    /// <summary>A sign of life.</summary>
    public sealed record Heartbeat : News;

    /// <summary>A test that the council asked for.</summary>
    /// <param name="TestId">Names the test.</param>
    /// <param name="CouncilCode">The council.</param>
    public sealed record Test(Guid TestId, string CouncilCode) : News;
}
