using Microsoft.Extensions.Time.Testing;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Outbox;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Councils;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.Notification.Domain.Matches;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// The hub's own state machines (relay, outbox schedule, inbox, alert, delivery schedule, escalation) as they are in
/// production, over a store and a bus that lose, repeat, reorder and fail before and after they have committed, under a
/// clock that is moved. One seed is one run, exactly.
/// </summary>
internal sealed class SimulatedHub : IOutbox
{
    private const string Council = "E08999901";
    private static readonly TimeSpan DeliveryLease = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan LongestHealing = TimeSpan.FromHours(4);
    private static readonly EscalationLevels Levels = new(
        2,
        [new(1, ["second"]), new(5, ["second", "manager"]), new(15, ["director"])]
    );

    private static readonly DutyRota Rota = new(new EscalationDocument { Standard = Levels }, null);

    private readonly Random _chance;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<Guid, Row> _outbox = [];
    private readonly List<Row> _broker = [];
    private readonly List<Guid> _receipts = [];
    private readonly HashSet<Guid> _inbox = [];
    private readonly HashSet<Guid> _parked = [];
    private readonly Dictionary<Guid, Alert> _alerts = [];
    private readonly Dictionary<Guid, PlanAttended[]> _attended = [];
    private readonly Dictionary<(Guid Alert, long Version), Carried> _deliveries = [];
    private readonly HashSet<(Guid Alert, long Version)> _atCouncil = [];
    private readonly List<EscalationStep> _steps = [];
    private readonly HashSet<(Guid Alert, long Version, string To)> _escalated = [];
    private readonly Dictionary<Guid, Happening> _published = [];
    private bool _faulty = true;

    public SimulatedHub(int seed) => _chance = new Random(seed);

    /// <summary>Breaks one guarantee, to see whether the simulation would notice.</summary>
    public Broken Breaks { get; init; }

    public int Deaths { get; private set; }

    public void Run()
    {
        PublishSomething();
        for (var step = 0; step < 300; step++)
            Act(_chance.Next(14));
        _faulty = false;
        var until = _clock.GetUtcNow() + LongestHealing;
        while (!IsQuiet())
        {
            Check(_clock.GetUtcNow() < until, "it heals by itself");
            for (var act = 0; act < 5; act++)
                Act(act + 2);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        CheckAll();
    }

    Task<List<ClaimedBatch>> IOutbox.ClaimAsync(int atMost, CancellationToken cancellationToken)
    {
        MayFail();
        var now = _clock.GetUtcNow();
        var due = _outbox
            .Values.Where(row => row.NextAttemptAt <= now)
            .OrderBy(row => row.NextAttemptAt)
            .Take(atMost)
            .ToList();
        foreach (var row in due)
            (row.NextAttemptAt, row.Attempts) = (now + OutboxSchedule.Lease, row.Attempts + 1);
        MayFail();
        return Task.FromResult(due.ConvertAll(row => new ClaimedBatch(row.Id, "", [], row.Attempts)));
    }

    Task IOutbox.MarkSentAsync(IReadOnlyCollection<ClaimedBatch> batches, CancellationToken cancellationToken) =>
        Mark(batches, OutboxSchedule.AfterSent, Breaks == Broken.ForgetsWhenSent);

    Task IOutbox.MarkFailedAsync(IReadOnlyCollection<ClaimedBatch> batches, CancellationToken cancellationToken) =>
        Mark(batches, OutboxSchedule.AfterFailure, false);

    private void Act(int act)
    {
        switch (act)
        {
            case 0 or 1:
                PublishSomething();
                break;
            case 2 or 7:
                Survive(() => RelayDue.RunAsync(this, SendAsync, 4, CancellationToken.None));
                break;
            case 3 or 8:
                Consume();
                break;
            case 4:
                TellSender();
                break;
            case 5 or 9:
                Survive(DeliverAsync);
                break;
            case 6 or 12:
                Survive(TakeStepsAsync);
                break;
            case 13 when _chance.Next(3) == 0:
                Survive(AcknowledgeAsync);
                break;
            case 10 when _chance.Next(10) == 0:
                _broker.Clear(); // every disk of the broker lost
                break;
            case 11:
                _clock.Advance(TimeSpan.FromSeconds(_chance.Next(1, 120)));
                break;
        }
    }

    /// <summary>
    /// One transaction of matching: the next version of what some encounters' councils are told, in one
    /// batch.
    /// </summary>
    private void PublishSomething()
    {
        if (!_faulty)
            return;
        var row = new Row { Id = NewId(), NextAttemptAt = _clock.GetUtcNow() };
        for (var i = _chance.Next(1, 4); i > 0; i--)
        {
            var encounter = new Guid(_chance.Next(1, 7), 0, 0, new byte[8]);
            var version =
                _published.Values.Count(happening => happening.Encounter == encounter && !happening.Poison) + 1;
            var poison = _chance.Next(40) == 0;
            var happening = new Happening(NewId(), encounter, poison ? 0 : version, _chance.Next(4) == 0, poison);
            _published.Add(happening.Id, happening);
            row.Events.Add(happening);
        }

        _outbox.Add(row.Id, row);
    }

    private Task<string?> SendAsync(ClaimedBatch batch, CancellationToken cancellationToken)
    {
        var fault = _faulty ? _chance.Next(8) : 7;
        var row = _outbox.GetValueOrDefault(batch.Id);
        if (fault == 0 || row is null)
            return Task.FromResult<string?>("not taken");
        _broker.Add(row);
        if (fault == 1)
            _broker.Add(row); // taken twice
        return Task.FromResult(fault == 2 ? "taken, and the confirm lost" : null);
    }

    /// <summary>Any message, not the oldest. One that dies under its consumer is still the broker's.</summary>
    private void Consume()
    {
        if (_broker.Count == 0)
            return;
        var batch = _broker[_chance.Next(_broker.Count)];
        if (Breaks == Broken.AcknowledgementsBeforeCommit)
            _receipts.Add(batch.Id);
        using var process = new CancellationTokenSource();
        var taking = BatchThenIndividually.RunAsync(
            batch.Events,
            some => TakeAsync(some, process),
            (single, _) => ParkAsync(single, process),
            _ => { },
            _clock,
            process.Token
        );
        while (!taking.IsCompleted)
            _clock.Advance(TimeSpan.FromMilliseconds(250));
        if (!taking.IsCompletedSuccessfully)
            return;
        if (Dies(process))
            return;
        _receipts.Add(batch.Id);
        _broker.Remove(batch);
    }

    private Task TakeAsync(List<Happening> some, CancellationTokenSource process)
    {
        MayFail();
        var fresh = Breaks == Broken.NoInbox ? some : some.FindAll(happening => !_inbox.Contains(happening.Id));
        if (fresh.Exists(happening => happening.Poison))
            throw new InvalidOperationException("poison");
        if (Dies(process))
            throw new OperationCanceledException();
        // The commit: all of it or nothing.
        foreach (var happening in fresh)
            _inbox.Add(happening.Id);
        foreach (var ofOneType in fresh.GroupBy(happening => happening.Withdrawn))
        {
            if (ofOneType.Key)
                Withdraw([.. ofOneType]);
            else
                Raise([.. ofOneType]);
        }

        if (Dies(process))
            throw new OperationCanceledException();
        MayFail();
        return Task.CompletedTask;
    }

    private Task ParkAsync(Happening single, CancellationTokenSource process)
    {
        if (Dies(process))
            throw new OperationCanceledException();
        _parked.Add(single.Id);
        return Task.CompletedTask;
    }

    // The two consumers of notification with their deciding halves as they are in production; what they read and write
    // is here.
    private void Raise(List<Happening> happenings)
    {
        var now = _clock.GetUtcNow();
        var newest = RaiseAlerts.Newest(happenings.Select(happening => new IncomingMatch(Match(happening), null)));
        var known = Known();
        var raised = RaiseAlerts.Decide(newest, known, new Dictionary<string, DutyRota> { [Council] = Rota }, now);
        Write(raised.Made, known);
        foreach (var step in raised.Opened.SelectMany(alert => EscalationStep.Plan(alert, Levels)))
        {
            Check(
                !_steps.Exists(known =>
                    (known.AlertId, known.Round, known.Number) == (step.AlertId, step.Round, step.Number)
                ),
                "no step is written down twice"
            );
            _steps.Add(step);
        }
        foreach (var alert in raised.Notified)
            Deliver(alert);
    }

    private void Withdraw(List<Happening> happenings)
    {
        var newest = WithdrawAlerts.Newest(
            happenings.Select(happening => new MatchWithdrawn(
                happening.Encounter,
                Council,
                happening.Version,
                WithdrawalReason.PlanDeleted
            ))
        );
        var known = Known();
        var decided = WithdrawAlerts.Decide(newest, known, _clock.GetUtcNow());
        Write(decided.Made, known);
        foreach (var alert in decided.Withdrawn)
        {
            var own = _deliveries
                .Where(delivery => delivery.Key.Alert == alert.Id)
                .Select(delivery => delivery.Value)
                .ToList();
            foreach (var delivery in own.Where(one => one.State is DeliveryState.Waiting or DeliveryState.Parked))
                delivery.State = DeliveryState.Cancelled;
            StopEscalation(alert);
            if (own.Exists(delivery => delivery.Attempts > 0))
                Deliver(alert);
        }
    }

    private AlertFacts Known() =>
        new(
            _alerts.Values.ToDictionary(alert => alert.Id),
            new Ledger(_attended.Values.SelectMany(attended => attended)),
            new Dictionary<string, RulesInForce> { [Council] = RulesInForce.None }
        );

    private void Write(IReadOnlyList<Alert> made, AlertFacts known)
    {
        foreach (var alert in made)
            Check(_alerts.TryAdd(alert.EncounterId, alert), "no encounter has two alerts");
        foreach (var ((encounter, _), attended) in known.Ledger.Written)
            _attended[encounter] = attended;
    }

    private EncounterMatched Match(Happening happening) =>
        new(
            happening.Encounter,
            Council,
            happening.Version,
            [
                new MatchedPlan(
                    happening.Encounter,
                    $"plan-{happening.Version}",
                    PlanKind.ChildProtection,
                    MatchRole.Child
                ),
            ],
            1,
            "1",
            false,
            happening.Version % 2 == 0 ? EncounterStatus.Finished : EncounterStatus.InProgress,
            null,
            null,
            _clock.GetUtcNow(),
            new Sealed<Place>("key", []),
            []
        );

    private void StopEscalation(Alert alert)
    {
        foreach (var step in _steps.Where(step => step.AlertId == alert.Id && step.State is EscalationState.Waiting))
            (step.State, step.EndedAt) = (EscalationState.Cancelled, _clock.GetUtcNow());
    }

    /// <summary>Steps and what they make in one transaction, which fails before it is committed, or after it.</summary>
    private Task TakeStepsAsync()
    {
        var now = _clock.GetUtcNow();
        MayFail();
        var due = _steps
            .Where(step => step.State is EscalationState.Waiting && step.DueAt <= now)
            .OrderBy(step => step.DueAt)
            .Take(3)
            .ToList();
        foreach (var step in due)
        {
            var alert = _alerts.Values.Single(alert => alert.Id == step.AlertId);
            if (Breaks == Broken.StepsForgetTheAlert ? !Sent(step, now) : !step.Take(alert, now))
                continue;
            Check(alert.IsOpen, "nobody is told that nobody has taken what somebody has");
            if (Breaks == Broken.StepsBeforeWhatTheyMake)
                MayFail();
            foreach (var name in step.To)
                _escalated.Add((alert.Id, alert.Version, name));
        }

        MayFail();
        return Task.CompletedTask;
    }

    private static bool Sent(EscalationStep step, DateTimeOffset now)
    {
        (step.State, step.EndedAt) = (EscalationState.Sent, now);
        return true;
    }

    private Task AcknowledgeAsync()
    {
        var open = _alerts
            .OrderBy(alert => alert.Key)
            .Where(alert => alert.Value.IsOpen)
            .Select(alert => alert.Value)
            .ToList();
        if (open is [])
            return Task.CompletedTask;
        var alert = open[_chance.Next(open.Count)];
        MayFail();
        alert.Acknowledge(new Actor(ActorKind.System, "council"), alert.Version, _clock.GetUtcNow());
        if (!alert.IsOpen && Breaks != Broken.StepsForgetTheAlert)
            StopEscalation(alert);
        MayFail();
        return Task.CompletedTask;
    }

    // The unique key of the delivery table: the same news twice is an effect repeated.
    private void Deliver(Alert alert) =>
        Check(
            _deliveries.TryAdd((alert.Id, alert.Version), new Carried { NextAttemptAt = _clock.GetUtcNow() }),
            "no news is delivered as two deliveries"
        );

    private void TellSender()
    {
        var told = _receipts.ToList();
        _receipts.Clear();
        if (_faulty && _chance.Next(4) == 0)
            return; // lost on its way: the outbox sends again
        foreach (var batch in told)
            _outbox.Remove(batch);
    }

    private Task DeliverAsync()
    {
        var now = _clock.GetUtcNow();
        var due = _deliveries
            .Where(one =>
                one.Value.State is DeliveryState.Waiting
                && one.Value.NextAttemptAt <= now
                && one.Value.LeasedUntil <= now
            )
            .Where(one =>
                !_deliveries.Any(other =>
                    other.Key.Alert == one.Key.Alert
                    && other.Key.Version < one.Key.Version
                    && (other.Value.State is DeliveryState.Waiting || other.Value.LeasedUntil > now)
                )
            )
            .OrderBy(one => one.Value.NextAttemptAt)
            .FirstOrDefault(); // stable: ids are not from the seed
        if (due.Value is not { } delivery)
            return Task.CompletedTask;
        (delivery.LeasedUntil, delivery.Attempts) = (now + DeliveryLease, delivery.Attempts + 1);
        MayFail();
        var outcome = !_faulty
            ? AttemptOutcome.Delivered
            : _chance.Next(8) switch
            {
                0 => AttemptOutcome.ServerError,
                1 => AttemptOutcome.Throttled,
                2 => AttemptOutcome.TimedOut,
                3 => AttemptOutcome.ConnectionFailed,
                4 when _chance.Next(4) == 0 => AttemptOutcome.Rejected,
                _ => AttemptOutcome.Delivered,
            };
        // A time-out says nothing of whether it arrived.
        if (outcome is AttemptOutcome.Delivered || (outcome is AttemptOutcome.TimedOut && _chance.Next(2) == 0))
            _atCouncil.Add(due.Key);
        MayFail(); // answered, and not written down
        delivery.LeasedUntil = now;
        delivery.State = outcome.NextStep() switch
        {
            NextStep.Done => DeliveryState.Delivered,
            _ when delivery.State is DeliveryState.Cancelled => DeliveryState.Cancelled,
            NextStep.Park => DeliveryState.Parked,
            _ => Breaks == Broken.GivesUp && delivery.Attempts > 2 ? DeliveryState.Delivered : DeliveryState.Waiting,
        };
        delivery.NextAttemptAt =
            now
            + RetrySchedule.WaitAfter(
                delivery.Attempts,
                outcome is AttemptOutcome.Throttled ? TimeSpan.FromSeconds(90) : null,
                _chance.NextDouble()
            );
        return Task.CompletedTask;
    }

    private bool IsQuiet() =>
        _outbox.Count == 0
        && _broker.Count == 0
        && _deliveries.Values.All(delivery => delivery.State is not DeliveryState.Waiting)
        && _steps.TrueForAll(step => step.State is not EscalationState.Waiting || step.DueAt > _clock.GetUtcNow());

    private void CheckAll()
    {
        Check(
            _parked.SetEquals(_published.Values.Where(happening => happening.Poison).Select(happening => happening.Id)),
            "what is poison is parked, and nothing else"
        );
        foreach (
            var versions in _published
                .Values.Where(happening => !happening.Poison)
                .GroupBy(happening => happening.Encounter)
        )
        {
            var last = versions.MaxBy(happening => happening.Version)!;
            Check(_alerts.TryGetValue(versions.Key, out var alert), "every encounter that was told of has its alert");
            Check(alert!.MatchVersion == last.Version, "the alert knows the last version");
            Check(
                alert.State is AlertState.Withdrawn == last.Withdrawn,
                "the alert stands exactly where the last version does"
            );
            if (last.Withdrawn)
                continue;
            var newest = _deliveries
                .Where(delivery => delivery.Key.Alert == alert.Id)
                .MaxBy(delivery => delivery.Key.Version);
            Check(newest.Key.Version == alert.Version, "the newest news has its delivery");
            Check(
                newest.Value.State is DeliveryState.Parked || _atCouncil.Contains(newest.Key),
                "what stands is at the council, or parked for a person"
            );
        }

        foreach (var step in _steps)
        {
            var alert = _alerts.Values.Single(alert => alert.Id == step.AlertId);
            Check(
                step.State is not EscalationState.Waiting || alert.IsOpen,
                "no step waits for an alert that nobody need take any more"
            );
            Check(
                step.State is not EscalationState.Sent || step.EndedAt >= step.DueAt,
                "no step is taken before its time"
            );
            Check(
                step.State is not EscalationState.Sent
                    || step.To.TrueForAll(name =>
                        _escalated.Any(told => told.Alert == step.AlertId && told.To == name)
                    ),
                "whoever a step names has been told"
            );
        }

        foreach (var alert in _alerts.Values.Where(alert => alert.IsOpen && alert.OverdueAt <= _clock.GetUtcNow()))
        {
            Check(
                _steps.Exists(step => step.AlertId == alert.Id && step is { Number: 0, State: EscalationState.Sent }),
                "what is overdue is marked so"
            );
        }

        foreach (var (key, delivery) in _deliveries)
        {
            Check(
                delivery.State is not DeliveryState.Delivered || _atCouncil.Contains(key),
                "delivered means that the council has it"
            );
        }
    }

    private Task Mark(IReadOnlyCollection<ClaimedBatch> batches, Func<int, TimeSpan> wait, bool forget)
    {
        MayFail();
        foreach (var batch in batches)
        {
            if (forget)
                _outbox.Remove(batch.Id);
            else if (_outbox.TryGetValue(batch.Id, out var row))
                row.NextAttemptAt = _clock.GetUtcNow() + wait(batch.Attempts);
        }

        MayFail();
        return Task.CompletedTask;
    }

    // A store that is away, or whose answer is lost after it has committed.
    private void MayFail()
    {
        if (_faulty && _chance.Next(12) == 0)
            throw new TimeoutException();
    }

    private bool Dies(CancellationTokenSource process)
    {
        if (!_faulty || _chance.Next(12) != 0)
            return false;
        Deaths++;
        process.Cancel();
        return true;
    }

    private static void Survive(Func<Task> act)
    {
        try
        {
            act().GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            // The next poll is the next act.
        }
    }

    private Guid NewId()
    {
        var bytes = new byte[16];
        _chance.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
            throw new InvariantBrokenException(what);
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }

        public List<Happening> Events { get; } = [];

        public required DateTimeOffset NextAttemptAt { get; set; }

        public int Attempts { get; set; }
    }

    private sealed record Happening(Guid Id, Guid Encounter, long Version, bool Withdrawn, bool Poison);

    private sealed class Carried
    {
        public DeliveryState State { get; set; } = DeliveryState.Waiting;

        public int Attempts { get; set; }

        public required DateTimeOffset NextAttemptAt { get; set; }

        public DateTimeOffset LeasedUntil { get; set; }
    }
}

/// <summary>Guarantees that can be broken on purpose.</summary>
internal enum Broken
{
    Nothing,

    /// <summary>The outbox forgets a row when the broker has it, as most do.</summary>
    ForgetsWhenSent,

    /// <summary>A listener confirms before it has committed.</summary>
    AcknowledgementsBeforeCommit,

    /// <summary>A delivery counts as done after three attempts.</summary>
    GivesUp,

    /// <summary>Known events are handled again.</summary>
    NoInbox,

    /// <summary>A step is taken without a look at its alert, and an acknowledgement stops none.</summary>
    StepsForgetTheAlert,

    /// <summary>A step is marked in one transaction and what it makes is written in another.</summary>
    StepsBeforeWhatTheyMake,
}

internal sealed class InvariantBrokenException(string what) : Exception(what);
