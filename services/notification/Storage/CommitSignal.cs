namespace Safeguarding.Notification.Storage;

/// <summary>Whom a commit wakes.</summary>
internal abstract record CommitSignal
{
    private CommitSignal() { }

    /// <summary>The dispatcher: deliveries are due.</summary>
    public sealed record DeliveriesDue : CommitSignal;

    /// <summary>Those who wait at the feed.</summary>
    /// <param name="CouncilCode">Of this council.</param>
    public sealed record FeedHasNews(string CouncilCode) : CommitSignal;
}
