using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Alerts;

/// <summary>
/// What one council is told of one encounter: one row per (encounter, council) for ever. A withdrawal that overtakes its match leaves
/// a row that was never raised (<see cref="RaisedAt"/> is null), so the late match finds it and raises nothing.
/// </summary>
internal sealed class Alert
{
    /// <summary>Unacknowledged for longer than this, an alert is marked overdue.</summary>
    public static readonly TimeSpan OverdueAfter = TimeSpan.FromMinutes(15);

    public required Guid Id { get; init; }
    public required Guid EncounterId { get; init; }
    public required string CouncilCode { get; init; }

    /// <summary>The newest version of the match that was seen; at or below it nothing changes.</summary>
    public long MatchVersion { get; set; }

    /// <summary>Counts what the council is told; 0 while nothing was.</summary>
    public long Version { get; set; }

    public AlertState State { get; set; }
    public AlertNews News { get; set; }

    /// <summary>What the last amendment changed, in one line without personal data.</summary>
    public string? Change { get; set; }

    /// <summary>The newest version still waits to be taken through the feed.</summary>
    public bool InFeed { get; set; }

    /// <summary>The council has read or claimed it, so it must hear of a withdrawal.</summary>
    public bool Disclosed { get; set; }

    public DateTimeOffset? RaisedAt { get; set; }

    public List<MatchedPlan> Plans { get; set; } = [];
    public double Certainty { get; set; }
    public string RuleVersion { get; set; } = "";
    public bool Late { get; set; }
    public EncounterStatus EncounterStatus { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public DateTimeOffset ReceivedAt { get; set; }
    public List<string> Concerns { get; set; } = [];

    /// <summary>Where, as it came sealed; forgotten when the alert is withdrawn.</summary>
    public string? PlaceKeyId { get; set; }
    public byte[]? PlaceValue { get; set; }

    public Guid? LeaseId { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }
    public long? ClaimedVersion { get; set; }

    public DateTimeOffset? SettledAt { get; set; }
    public string? SettledBy { get; set; }
    public ActorKind? SettledByKind { get; set; }
    public RefusalReason? RefusalReason { get; set; }

    public DateTimeOffset? WithdrawnAt { get; set; }
    public WithdrawalReason? WithdrawalReason { get; set; }

    /// <summary>W3C trace context of the match, so that deliveries days later still belong to the encounter's trace.</summary>
    public string? TraceParent { get; set; }

    public bool IsOpen => State is AlertState.Raised or AlertState.Delivered;

    public Sealed<Place>? Place => PlaceKeyId is null || PlaceValue is null ? null : new Sealed<Place>(PlaceKeyId, PlaceValue);

    public bool IsOverdue(DateTimeOffset now) => IsOpen && now - RaisedAt > OverdueAfter;

    public static Alert Raise(EncounterMatched match, string? traceParent, DateTimeOffset now)
    {
        var alert = new Alert { Id = Guid.CreateVersion7(now), EncounterId = match.EncounterId, CouncilCode = match.CouncilCode };
        alert.Tell(AlertNews.Raised);
        alert.RaisedAt = now;
        alert.State = AlertState.Raised;
        alert.TakeFacts(match, traceParent);
        return alert;
    }

    /// <summary>A match that is withdrawn before it was ever heard of.</summary>
    public static Alert NeverRaised(MatchWithdrawn withdrawal, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        EncounterId = withdrawal.EncounterId,
        CouncilCode = withdrawal.CouncilCode,
        MatchVersion = withdrawal.Version,
        State = AlertState.Withdrawn,
        News = AlertNews.Withdrawn,
        WithdrawnAt = now,
        WithdrawalReason = withdrawal.Reason,
    };

    /// <summary>Takes a newer match. Returns what the council is to hear, or null where nothing that it sees has changed.</summary>
    public AlertNews? Take(EncounterMatched match, bool placeChanged, string? traceParent, DateTimeOffset now)
    {
        if (match.Version <= MatchVersion) return null;

        if (State is AlertState.Withdrawn)
        {
            (WithdrawnAt, WithdrawalReason, Change) = (null, null, null);
            RaisedAt ??= now;
            Reopen();
            TakeFacts(match, traceParent);
            return Tell(AlertNews.Raised);
        }

        var change = AlertChange.Describe(this, match, placeChanged);
        // A council that said "not ours" of one plan has not said it of another.
        var reopened = State is AlertState.Refused && match.Plans.Any(plan => Plans.All(known => known.PlanId != plan.PlanId));
        var silent = change is null || (State is AlertState.Refused && !reopened);
        TakeFacts(match, traceParent);
        if (silent) return null;

        if (reopened) Reopen();
        Change = change;
        return Tell(AlertNews.Amended);
    }

    /// <summary>Takes a withdrawal. False where it changes nothing.</summary>
    public bool Withdraw(MatchWithdrawn withdrawal, DateTimeOffset now)
    {
        if (withdrawal.Version <= MatchVersion) return false;
        MatchVersion = withdrawal.Version;
        if (State is AlertState.Withdrawn) return false;

        State = AlertState.Withdrawn;
        (WithdrawnAt, WithdrawalReason, Change) = (now, withdrawal.Reason, null);
        (PlaceKeyId, PlaceValue) = (null, null);
        Tell(AlertNews.Withdrawn);
        InFeed = Disclosed;
        return true;
    }

    public void Acknowledge(Actor actor, long version, DateTimeOffset now)
    {
        if (IsOpen) (State, RefusalReason) = (AlertState.Acknowledged, null);
        if (SettledAt is null) (SettledAt, SettledBy, SettledByKind) = (now, actor.Name, actor.Kind);
        LeaveFeed(version);
    }

    public void Refuse(Actor actor, RefusalReason reason, long version, DateTimeOffset now)
    {
        State = AlertState.Refused;
        (SettledAt, SettledBy, SettledByKind, RefusalReason) = (now, actor.Name, actor.Kind, reason);
        LeaveFeed(version);
    }

    private void Reopen() =>
        (State, SettledAt, SettledBy, SettledByKind, RefusalReason) = (AlertState.Raised, null, null, null, null);

    private void LeaveFeed(long version)
    {
        (LeaseId, LeasedUntil, ClaimedVersion) = (null, null, null);
        // Something newer than what was taken is still news.
        if (version >= Version) InFeed = false;
    }

    private AlertNews Tell(AlertNews news)
    {
        Version++;
        News = news;
        InFeed = true;
        return news;
    }

    private void TakeFacts(EncounterMatched match, string? traceParent)
    {
        MatchVersion = match.Version;
        Plans = [.. match.Plans];
        Certainty = match.Certainty;
        RuleVersion = match.RuleVersion;
        Late = match.Late;
        EncounterStatus = match.Status;
        StartedAt = match.StartedAt.AsStored();
        EndedAt = match.EndedAt.AsStored();
        ReceivedAt = match.ReceivedAt.AsStored();
        Concerns = [.. match.Concerns];
        (PlaceKeyId, PlaceValue) = (match.Place.KeyId, match.Place.Value);
        TraceParent = traceParent ?? TraceParent;
    }
}

/// <summary>Who did something: as the council names them, or the client id of its system.</summary>
internal sealed record Actor(ActorKind Kind, string Name);
