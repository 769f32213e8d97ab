using System.Globalization;
using System.Text;
using System.Text.Json;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.Notification.Domain.Matches;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>
/// Three hundred courses of alerts: matches of a few encounters that come, change, are taken back and come again, and
/// answers to them, under unlike rules of a council. What becomes of the alerts is on record
/// (<c>Record/alerts.txt</c>): their states, and by a digest every view, text, entry and deadline of every step. Where
/// a change is meant, run with <c>HUB_RECORD_WRITE=1</c> and read the difference.
/// </summary>
public sealed class Alerts_on_record
{
    private const int Courses = 300;
    private const string Folder = "tests/notification/Record";

    private static readonly DateTimeOffset Start = new(2026, 3, 27, 22, 0, 0, TimeSpan.Zero);

    private static readonly AlertRules[] Rules =
    [
        AlertRules.None,
        new() { Grouping = new(24, null) },
        new() { Grouping = new(48, AfterAcknowledgement.Reopen) },
        new()
        {
            Grouping = new(12, AfterAcknowledgement.NewAlert),
            Patterns =
            [
                new("often", 3, 2, null, null, AlertGrade.High),
                new("two-sites", 7, null, 2, null, AlertGrade.Urgent),
                new("left", 30, null, null, 1, AlertGrade.High),
            ],
        },
        new()
        {
            Patterns = [new("left-often", 10, 3, 2, 1, AlertGrade.Urgent), new("twice", 1, 2, 1, 0, AlertGrade.High)],
        },
    ];

    private static readonly EscalationDocument[] Escalations =
    [
        EscalationDocument.Unset,
        new() { Standard = new(30, [new(10, ["duty"])]), Urgent = new(5, [new(1, ["duty"]), new(null, null)]) },
        new() { High = new(7, null) },
    ];

    [Fact]
    public void Become_what_they_became()
    {
        var courses = Enumerable.Range(0, Courses).Select(seed => new Course(new Random(seed)).Run()).ToList();

        OnRecord.Compare(Folder, "alerts.txt", courses.ConvertAll(course => course.Short), i => courses[i].Full);
    }

    private sealed class Course(Random random)
    {
        private readonly Dictionary<Guid, Alert> _alerts = [];
        private readonly List<Guid> _order = [];
        private readonly List<PlanAttended> _attended = [];
        private readonly Dictionary<(int, string), long> _versions = [];
        private readonly StringBuilder _text = new();
        private readonly Dictionary<Guid, Place> _places = [];
        private DateTimeOffset _now = Start;

        public (string Short, string Full) Run()
        {
            var rules = new RulesInForce(3, Pick(Rules));
            var rota = new DutyRota(Pick(Escalations), null);
            Dictionary<string, RulesInForce> byCouncil = new()
            {
                ["E08000035"] = rules,
                ["E08000032"] = RulesInForce.None,
            };
            Dictionary<string, DutyRota> rotas = new()
            {
                ["E08000035"] = rota,
                ["E08000032"] = new(Escalations[0], null),
            };
            for (var step = random.Next(3, 9); step > 0; step--)
            {
                _now += TimeSpan.FromMinutes(random.Next(1, 2000));
                var ledger = new Ledger(_attended);
                var known = new AlertFacts(_alerts, ledger, byCouncil);
                switch (random.Next(6))
                {
                    case 0:
                        Withdraw(known);
                        break;
                    case 1 when _order.Count > 0:
                        Answer(_alerts[Pick([.. _order])]);
                        break;
                    default:
                        Raise(known, rotas);
                        break;
                }

                Keep(ledger);
                foreach (var id in _order)
                    Write(_alerts[id], rotas);
            }

            var states = _order.Select(id => $"{_alerts[id].State} {_alerts[id].Version}");
            return ($"{string.Join(", ", states)} {OnRecord.Digest(_text.ToString())}", _text.ToString());
        }

        private void Raise(AlertFacts known, Dictionary<string, DutyRota> rotas)
        {
            var batch = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Incoming()).ToList();
            var newest = RaiseAlerts.Newest(batch);
            var raised = RaiseAlerts.Decide(newest, known, rotas, _now);
            Add(raised.Made);
            Line($"{batch.Count} matches, {newest.Count} newest");
            Entries(raised.Entries);
            Line($"notified {Names(raised.Notified)}, opened {Names(raised.Opened)}, risen {Names(raised.Risen)}");
            Line($"pressing {Names(raised.Pressing)}");
        }

        private void Withdraw(AlertFacts known)
        {
            var batch = Enumerable
                .Range(0, random.Next(1, 3))
                .Select(_ => (Encounter: random.Next(4), Council: Council()))
                .Select(of => new MatchWithdrawn(
                    Encounter(of.Encounter),
                    of.Council,
                    NextVersion(of.Encounter, of.Council),
                    Pick(Enum.GetValues<WithdrawalReason>())
                ))
                .ToList();
            var withdrawn = WithdrawAlerts.Decide(WithdrawAlerts.Newest(batch), known, _now);
            Add(withdrawn.Made);
            Line($"{batch.Count} taken back");
            Entries(withdrawn.Entries);
            Line($"withdrawn {Names(withdrawn.Withdrawn)}, amended {Names(withdrawn.Amended)}");
        }

        private void Answer(Alert alert)
        {
            var actor = new Actor(Pick(Enum.GetValues<ActorKind>()), Pick(["a. worker", "case system"]));
            var version = alert.Version - random.Next(2);
            Line($"answer to {Name(alert)} {version}");
            alert.LeaseId = Guid.Empty;
            if (Chance(0.2))
                alert.State = alert.IsOpen ? AlertState.Delivered : alert.State;
            if (Chance(0.2))
                alert.Disclosed = true;
            else if (Chance(0.6))
                alert.Acknowledge(actor, version, _now);
            else
                alert.Refuse(actor, Pick(Enum.GetValues<RefusalReason>()), version, _now);
        }

        private IncomingMatch Incoming()
        {
            var (encounter, council) = (random.Next(4), Council());
            var at = Start.AddHours((encounter * 9) + random.Next(2)).AddTicks(random.Next(20));
            var place = new Place(
                "RR8",
                Pick([null, "Leeds Teaching Hospitals"]),
                Pick([null, "RR801", "RR813"]),
                Pick([null, "St James's"]),
                Pick(Enum.GetValues<CareSetting>()),
                Pick([null, "0113 496 0000"])
            );
            var match = new EncounterMatched(
                Encounter(encounter),
                council,
                NextVersion(encounter, council),
                [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Plan())],
                Pick([0.94, 0.95, 0.96, 0.99, 0.995, 0.999, 0.9999]),
                "rules-1",
                Chance(0.2),
                Pick(Enum.GetValues<EncounterStatus>()),
                Chance(0.8) ? at : null,
                Chance(0.3) ? at.AddHours(3) : null,
                at.AddMinutes(5),
                new Sealed<Place>("k1", [(byte)random.Next(3)]),
                Pick<string[]>([
                    [],
                    ["injury"],
                    ["injury", "self-harm"],
                ]),
                Chance(0.3) ? null : ["familyName: equal"],
                Pick<MatchDecider?>([null, MatchDecider.Rules, MatchDecider.Reviewer])
            );
            _places[match.EncounterId] = place;
            return new(match, Chance(0.5) ? "00-trace" : null)
            {
                Place = Chance(0.9) ? place : null,
                PlaceChanged = Chance(0.2),
            };
        }

        private MatchedPlan Plan() =>
            random.Next(4) switch
            {
                0 => new(new Guid(1, 0, 0, new byte[8]), "CP-1", PlanKind.ChildProtection, MatchRole.Child),
                1 => new(new Guid(2, 0, 0, new byte[8]), "LAC-2", PlanKind.LookedAfter, MatchRole.Child),
                2 => new(new Guid(3, 0, 0, new byte[8]), "UB-3", PlanKind.Unborn, MatchRole.MotherOfUnborn),
                _ => new(new Guid(3, 0, 0, new byte[8]), "UB-3", PlanKind.Unborn, MatchRole.Child),
            };

        // Now and then an older version comes late.
        private long NextVersion(int encounter, string council)
        {
            var next = _versions.GetValueOrDefault((encounter, council)) + 1;
            _versions[(encounter, council)] = next;
            return Chance(0.15) ? Math.Max(1, next - 1 - random.Next(2)) : next;
        }

        private void Add(IEnumerable<Alert> made)
        {
            foreach (var alert in made)
            {
                _alerts[alert.Id] = alert;
                _order.Add(alert.Id);
            }
        }

        private void Keep(Ledger ledger)
        {
            foreach (var ((encounter, council), written) in ledger.Written)
            {
                _attended.RemoveAll(each => each.Attended.EncounterId == encounter && each.Plan.CouncilCode == council);
                _attended.AddRange(written);
            }
        }

        private void Entries(IReadOnlyList<AlertEntry> entries)
        {
            foreach (var entry in entries)
            {
                Line($"entry of {_order.IndexOf(entry.AlertId)}: {entry.EventType} {entry.Version}");
                Line($"  by {entry.ByKind}: {entry.Note}");
            }
        }

        private void Write(Alert alert, Dictionary<string, DutyRota> rotas)
        {
            var place = _places.GetValueOrDefault(alert.Shown.EncounterId);
            if (alert.AllPlans().Any())
            {
                var view = AlertView.Of(alert, place, null, _now, _ => place) with { Id = Guid.Empty };
                Line($"{Name(alert)} {JsonSerializer.Serialize(view, HubJson.Options)}");
            }

            Line($"{Name(alert)} in feed {alert.InFeed} opened {alert.OpenedAt:O} overdue {alert.OverdueAt:O}");
            Line(
                $"attended {alert.AttendedVersion} match {alert.MatchVersion} lease {alert.LeaseId} {alert.TraceParent}"
            );
            Line($"joined {(alert.GroupedInto is { } lead ? _order.IndexOf(lead) : -1)} refused {alert.RefusalReason}");
            Line($"open {alert.IsOpen} raised {alert.IsRaised} place {alert.Place?.Value[0]} {alert.DecidedBy}");
            var levels = rotas[alert.CouncilCode].Document.Get(alert.Grade);
            foreach (var step in EscalationStep.Plan(alert, levels))
                Line($"step {step.Number} {step.AfterMinutes} {step.DueAt:O} {string.Join(' ', step.To)} {step.Round}");
        }

        private static Guid Encounter(int number) => new(number + 1, 1, 0, new byte[8]);

        private string Council() => Chance(0.85) ? "E08000035" : "E08000032";

        private string Name(Alert alert) => $"alert {_order.IndexOf(alert.Id)}";

        private string Names(IEnumerable<Alert> alerts) =>
            $"[{string.Join(' ', alerts.Select(alert => _order.IndexOf(alert.Id)).Order())}]";

        private void Line(FormattableString text) =>
            _text.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

        private T Pick<T>(T[] of) => of[random.Next(of.Length)];

        private bool Chance(double chance) => random.NextDouble() < chance;
    }
}
