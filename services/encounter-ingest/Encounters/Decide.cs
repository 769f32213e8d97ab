namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>What the store knows of an encounter before a submission is applied.</summary>
internal sealed record Held(
    Guid Id, string Organisation, byte[] IdentifierMac, long Version, byte[] ContentMac, DateTimeOffset? LastUpdated,
    DateTimeOffset FirstReceivedAt, DateTimeOffset ReceivedAt);

/// <summary>What a submission does.</summary>
internal enum Deed
{
    Created,
    Updated,

    /// <summary>The same content again.</summary>
    Repeated,

    /// <summary>A later version is held: nothing is overwritten.</summary>
    Older,

    /// <summary>If-None-Exist, and it exists.</summary>
    LeftAsIs,
    PreconditionFailed,
    NotFound,

    /// <summary>PUT by id of an encounter that has another identifier.</summary>
    IdentifierChanged
}

/// <summary>The life of an encounter's versions: pure, so that every order of arrival can be tested.</summary>
internal static class Decide
{
    /// <param name="held">What is held under the submission's identifier.</param>
    /// <param name="intent">The submission.</param>
    /// <param name="isOwnId">Whether the id of a PUT by id is one of the sender's encounters.</param>
    /// <param name="now">The time of the commit.</param>
    public static (Deed Deed, Held? After) From(Held? held, Intent intent, bool isOwnId, DateTimeOffset now)
    {
        var condition = intent.Condition;
        if (condition.Id is { } id && held?.Id != id && (isOwnId || !condition.MayBeClientsId))
            return (isOwnId ? Deed.IdentifierChanged : Deed.NotFound, held);
        if ((condition.Versions is { } expected && (held is null || !expected.Contains(held.Version)))
            || (condition.OnlyIfThere && held is null) || (condition.OnlyIfAbsent && held is not null))
            return (Deed.PreconditionFailed, held);
        var lastUpdated = intent.Submission.LastUpdated;
        if (held is null)
        {
            return (Deed.Created, new Held(
                Guid.CreateVersion7(now), intent.Caller.Organisation, intent.IdentifierMacs[0], 1, intent.ContentMac, lastUpdated, now, now));
        }

        if (condition.OnlyIfNew)
            return (Deed.LeftAsIs, held);
        if (lastUpdated < held.LastUpdated)
            return (Deed.Older, held);

        // The high-water mark rises with a repeat too: a version from between the two is older than what the sender has confirmed.
        var newest = lastUpdated > held.LastUpdated || held.LastUpdated is null ? lastUpdated : held.LastUpdated;
        return held.ContentMac.AsSpan().SequenceEqual(intent.ContentMac)
            ? (Deed.Repeated, held with { LastUpdated = newest })
            : (Deed.Updated, held with { Version = held.Version + 1, ContentMac = intent.ContentMac, LastUpdated = newest, ReceivedAt = now });
    }
}
