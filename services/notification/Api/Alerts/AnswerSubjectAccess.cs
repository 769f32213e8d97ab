using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.SubjectAccess;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// The alerts about one person, for a request of access: when, how grave, what became of each. Where, who reported and
/// who acted are withheld until somebody releases them; of a restricted child there is an alert, its grade and the day.
/// </summary>
internal static class AnswerSubjectAccess
{
    private const string Act = "alert.subject-access";

    private static readonly string[] Elsewhere =
    [
        "The plans themselves, and who looked the person up: POST /subject-access at plan-registry.",
        "Why the hub took patients for this person: POST /subject-access at matching.",
        "Registrations of the child by another council, which are that council's too: GET /registrations.",
        "Where and when of a restricted child: GET /alerts/ID/place.",
        "Who looked: POST /fhir/AuditEvent/_search at each service.",
    ];

    internal static async Task<Results<Ok<SubjectAccessDocument>, ProblemHttpResult>> Handle(
        SubjectAccessByPlans request,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        if (request.Read(out var roles) is { } error)
            return error;

        var alerts = await AlertsAsync([.. roles.Keys], caller.Organisation, db, cancellationToken);
        var ids = alerts.ConvertAll(alert => alert.Id);
        var entries = (
            await db
                .AlertEntries.AsNoTracking()
                .Where(entry => ids.Contains(entry.AlertId))
                .OrderBy(entry => entry.Id)
                .ToListAsync(cancellationToken)
        ).ToLookup(entry => entry.AlertId);
        return await db.DiscloseAsync(
            caller,
            [.. alerts.SelectMany(alert => RecordsOf(alert, entries[alert.Id], roles, Open))],
            request.Releases,
            "the alerts of notification",
            Elsewhere,
            plans: null,
            cancellationToken
        );

        Place? Open(Sealed<Place> place) => sealer.PlaceIn(place, caller.Organisation);
    }

    private static Task<List<Alert>> AlertsAsync(
        Guid[] plans,
        string council,
        NotificationDb db,
        CancellationToken cancellationToken
    )
    {
        var newest = plans.Select(planId => Json(new[] { new { planId } })).ToArray();
        var earlier = plans.Select(planId => Json(new[] { new { plans = new[] { new { planId } } } })).ToArray();
        return db
            .Alerts.FromSql(
                $"""
                SELECT * FROM notification.alert
                WHERE council_code = {council} AND raised_at IS NOT NULL AND grouped_into IS NULL
                    AND (plans @> ANY({newest}::jsonb[]) OR earlier @> ANY({earlier}::jsonb[]))
                """
            )
            .AsNoTracking()
            .OrderBy(alert => alert.Id)
            .ToListAsync(cancellationToken);

        static string Json<T>(T value) => JsonSerializer.Serialize(value, HubJson.Options);
    }

    private static IEnumerable<StoredRecord> RecordsOf(
        Alert alert,
        IEnumerable<AlertEntry> entries,
        IReadOnlyDictionary<Guid, MatchRole> roles,
        Func<Sealed<Place>, Place?> open
    )
    {
        var whose = WithheldReasons(alert.AllPlans(), roles, !alert.Discloses(Shown.SubjectRecord));
        yield return OfAlert(alert, whose, roles);
        // What was withdrawn was never right to know; of a restricted child it is a call of its own.
        if (alert is { IsRestricted: false, State: not AlertState.Withdrawn })
        {
            foreach (var attendance in alert.Earlier.Prepend(alert.Shown))
            {
                yield return OfAttendance(
                    alert,
                    attendance,
                    WithheldReasons(attendance.Plans, roles, isRestricted: false),
                    open
                );
            }
        }

        foreach (var (i, entry) in entries.Index())
            yield return OfEntry(alert, entry, whose, i);
    }

    private static StoredRecord OfAlert(Alert alert, WithheldReasons whose, IReadOnlyDictionary<Guid, MatchRole> roles)
    {
        var record = new StoredRecord(Act, alert.Id, "alert", alert.Id.ToString());
        MatchedPlan[] plans = [.. alert.AllPlans().Where(plan => roles.ContainsKey(plan.PlanId))];
        // Of a plan for an unborn child the person is the mother, and the plan is another's.
        record.Add(
            "plans",
            plans.Select(plan => plan.Reference),
            plans.Any(plan => plan.Role == MatchRole.MotherOfUnborn) ? Withheld.OtherPeople : whose.Itself
        );
        record.Add("raisedAt", alert.RaisedAt, whose.Itself, alert.IsRestricted);
        record.Add("state", Word(alert.State), whose.Itself);
        record.Add("grade", Word(alert.Grade), whose.Itself);
        record.Add("gradeBecause", alert.Because, whose.Detail);
        record.Add("change", alert.Change, whose.Detail);
        if (alert.State is not AlertState.Withdrawn)
        {
            record.Add("attendancesIn12Months", Number(alert.Attendances), whose.Detail);
            record.Add("sitesIn12Months", Number(alert.Sites), whose.Detail);
        }

        if (alert.IsRestricted)
            record.Add("whereAndWhen", "withheld", Withheld.Restricted);
        record.Add("settledAt", alert.SettledAt, whose.Itself, alert.IsRestricted);
        if (alert.SettledAt is not null)
        {
            record.Add(
                "settled",
                alert.RefusalReason is { } refused ? $"refused: {Word(refused)}" : "acknowledged",
                whose.Itself
            );
        }

        record.Add("settledBy", alert.SettledBy, whose.Reporter);
        record.Add("handedOverAt", alert.HandedOverAt, whose.Itself, alert.IsRestricted);
        record.Add("handedOverTo", alert.HandedOverTo is { } to ? Word(to) : null, whose.Itself);
        record.Add("handedOverColleague", alert.HandedOverColleague, whose.Reporter);
        record.Add("handedOverBy", alert.HandedOverBy, whose.Reporter);
        record.Add("handedOverText", alert.HandedOverText, whose.Others);
        record.Add("withdrawnAt", alert.WithdrawnAt, whose.Itself, alert.IsRestricted);
        record.Add("withdrawnBecause", alert.WithdrawalReason is { } why ? Word(why) : null, whose.Itself);
        return record;
    }

    private static StoredRecord OfAttendance(
        Alert alert,
        Attendance attendance,
        WithheldReasons whose,
        Func<Sealed<Place>, Place?> open
    )
    {
        var record = new StoredRecord(Act, alert.Id, "attendance", attendance.EncounterId.ToString());
        record.Add("encounter", attendance.EncounterId.ToString(), whose.Itself);
        record.Add("status", Word(attendance.Status), whose.Itself);
        record.Add("startedAt", attendance.StartedAt, whose.Itself);
        record.Add("endedAt", attendance.EndedAt, whose.Itself);
        record.Add("receivedAt", attendance.ReceivedAt, whose.Itself);
        if (attendance.SealedPlace() is { } sealedPlace)
        {
            var place = open(sealedPlace);
            if (place?.Contact is { } contact)
            {
                record.Add("policeForce", place.OrganisationOds, whose.Reporter);
                record.Add("policeContact", Word(contact.Kind), whose.Reporter);
                record.Add("policeGrade", contact.Grade is { } grade ? Word(grade) : null, whose.Reporter);
                record.Add("policeIncident", contact.IncidentNumber, whose.Reporter);
            }
            else
            {
                record.Add("trust", [place?.OrganisationName, place?.OrganisationOds], whose.Where);
            }

            record.Add("site", [place?.SiteName, place?.SiteOds], whose.Where);
            record.Add("setting", place is null ? null : Word(place.Setting), whose.Where);
            record.Add("telephone", place?.Phone, whose.Where);
        }

        // What somebody at the trust was worried about.
        record.Add("concerns", attendance.Concerns, whose.Reporter);
        record.Add("certainty", Certainty.InWords(attendance.Certainty), whose.Itself);
        record.Add("decidedBy", attendance.DecidedBy is { } decider ? Word(decider) : null, whose.Itself);
        record.Add("rules", attendance.RuleVersion, whose.Itself);
        record.Add("late", attendance.Late, whose.Itself);
        // It may speak of the mother, or of a brother or sister. Matching has the evidence, and shows what does not.
        record.Add("why", string.Join(' ', attendance.Why ?? []), whose.Others);
        return record;
    }

    private static StoredRecord OfEntry(Alert alert, AlertEntry entry, WithheldReasons whose, int index)
    {
        // An id says when it was made. Nothing of a restricted child is released by it.
        var name = alert.IsRestricted ? $"{alert.Id}-{index + 1}" : entry.Id.ToString();
        var record = new StoredRecord(Act, alert.Id, "event", name);
        record.Add("at", entry.At, whose.Itself, alert.IsRestricted);
        record.Add("what", Word(entry.EventType), whose.Itself);
        record.Add("by", entry.By, whose.Reporter);
        record.Add("subscription", entry.Subscription, whose.Itself);
        record.Add(
            "note",
            entry.Note,
            entry.EventType switch
            {
                AlertEventType.LookedUp => whose.Where,
                AlertEventType.Noted or AlertEventType.HandedOver or AlertEventType.DeliveryReplayed => whose.Others,
                _ => whose.Detail,
            }
        );
        return record;
    }

    private static WithheldReasons WithheldReasons(
        IEnumerable<MatchedPlan> plans,
        IReadOnlyDictionary<Guid, MatchRole> roles,
        bool isRestricted
    ) =>
        !plans.Any(plan => roles.TryGetValue(plan.PlanId, out var role) && role == plan.Role)
            // An attendance of the mother, before the plan was the child's.
            ? new(
                Withheld.OtherPeople,
                Withheld.OtherPeople,
                Withheld.OtherPeople,
                Withheld.OtherPeople,
                Withheld.OtherPeople
            )
        : isRestricted ? new(null, Withheld.Restricted, Withheld.Restricted, Withheld.Restricted, Withheld.Restricted)
        : new(null, null, Withheld.Location, Withheld.Reporter, Withheld.OtherPeople);

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Why each part of what is stored is withheld; null where it is shown.</summary>
/// <param name="Itself">That it is there, when and how grave.</param>
/// <param name="Detail">What says more of an attendance.</param>
/// <param name="Where">The place.</param>
/// <param name="Reporter">Who reported or acted.</param>
/// <param name="Others">What may name anybody.</param>
internal sealed record WithheldReasons(string? Itself, string? Detail, string Where, string Reporter, string Others);
