using Safeguarding.EncounterIngest.Storage;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>What the store knows of an encounter before a submission is applied.</summary>
internal sealed record StoredEncounter(
    Guid Id,
    string Organisation,
    byte[] IdentifierMac,
    byte[] IdentifierMarks,
    long Version,
    byte[] ContentMac,
    DateTimeOffset? LastUpdated,
    DateTimeOffset FirstReceivedAt,
    DateTimeOffset ReceivedAt
);

/// <summary>Which encounter a submission's identifiers lead to.</summary>
internal abstract record Identified
{
    private Identified() { }

    /// <summary>None: it is new.</summary>
    internal sealed record None : Identified;

    /// <summary>One, whatever the order of the identifiers and whether all of them are known.</summary>
    internal sealed record One(StoredEncounter Encounter) : Identified;

    /// <summary>Several different ones, or only to a number that several share.</summary>
    internal sealed record Several : Identified;
}

/// <summary>What a submission does.</summary>
internal enum SubmissionResult
{
    Created,
    Updated,

    /// <summary>The same content again.</summary>
    Repeated,

    /// <summary>A later version is stored: nothing is overwritten.</summary>
    Older,

    /// <summary>If-None-Exist, and it exists.</summary>
    LeftAsIs,
    PreconditionFailed,
    NotFound,

    /// <summary>PUT by id of an encounter that has another identifier.</summary>
    IdentifierChanged,

    /// <summary>Its identifiers are those of several encounters.</summary>
    IdentifiersConflict,
}

internal static class SubmissionResults
{
    public static bool IsRefusal(this SubmissionResult outcome) =>
        outcome
            is SubmissionResult.PreconditionFailed
                or SubmissionResult.NotFound
                or SubmissionResult.IdentifierChanged
                or SubmissionResult.IdentifiersConflict;
}

/// <summary>The life of an encounter's versions: pure, so that every order of arrival can be tested.</summary>
internal static class Decide
{
    /// <param name="identified">Where the submission's identifiers lead.</param>
    /// <param name="intent">The submission.</param>
    /// <param name="isOwnId">Whether the id of a PUT by id is one of the sender's encounters.</param>
    /// <param name="now">The time of the commit.</param>
    public static (SubmissionResult Result, StoredEncounter? After) From(
        Identified identified,
        Intent intent,
        bool isOwnId,
        DateTimeOffset now
    )
    {
        if (identified is Identified.Several)
            return (SubmissionResult.IdentifiersConflict, null);
        var stored = (identified as Identified.One)?.Encounter;
        var condition = intent.Condition;
        if (condition.Id is { } id && stored?.Id != id && (isOwnId || !condition.MayBeClientsId))
            return (isOwnId ? SubmissionResult.IdentifierChanged : SubmissionResult.NotFound, stored);
        if (
            (condition.Versions is { } expected && (stored is null || !expected.Contains(stored.Version)))
            || (condition.OnlyIfThere && stored is null)
            || (condition.OnlyIfAbsent && stored is not null)
        )
        {
            return (SubmissionResult.PreconditionFailed, stored);
        }

        var lastUpdated = intent.Submission.LastUpdated;
        if (stored is null)
        {
            return (
                SubmissionResult.Created,
                new StoredEncounter(
                    Guid.CreateVersion7(now),
                    intent.Caller.Organisation,
                    intent.Identifiers[0].Macs[0],
                    [],
                    1,
                    intent.ContentMac,
                    lastUpdated,
                    now,
                    now
                )
            );
        }

        if (condition.OnlyIfNew)
            return (SubmissionResult.LeftAsIs, stored);
        if (lastUpdated < stored.LastUpdated)
            return (SubmissionResult.Older, stored);

        // The high-water mark rises with a repeat too: a version from between the two is older than what the sender has
        // confirmed.
        var newest = lastUpdated > stored.LastUpdated || stored.LastUpdated is null ? lastUpdated : stored.LastUpdated;
        return stored.ContentMac.AsSpan().SequenceEqual(intent.ContentMac)
            ? (SubmissionResult.Repeated, stored with { LastUpdated = newest })
            : (
                SubmissionResult.Updated,
                stored with
                {
                    Version = stored.Version + 1,
                    ContentMac = intent.ContentMac,
                    LastUpdated = newest,
                    ReceivedAt = now,
                }
            );
    }
}
