using System.Globalization;
using Safeguarding.Contracts.Matches;
using Safeguarding.Notification.Domain.Alerts;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Delivery.Channels.Fhir;

/// <summary>
/// An alert as a FHIR Communication: from the trust, to the council, about a plan of the council's and an
/// encounter. It has no subject: the council's reference says who.
/// </summary>
internal static class AlertCommunication
{
    private const string Hub = "https://safeguarding-hub.uk/fhir/";
    private const string Ods = "https://fhir.nhs.uk/Id/ods-organization-code";
    private const string Gss = "http://statistics.data.gov.uk/id/statistical-geography";
    private const string Snomed = "http://snomed.info/sct";

    public static R4.Communication Of(AlertView alert, string councilCode) =>
        new()
        {
            Id = alert.Id.ToString(),
            Meta = new R4.Meta { VersionId = alert.Version.ToString(CultureInfo.InvariantCulture) },
            Identifier = [new R4.Identifier(Hub + "alert", alert.Id.ToString())],
            Status = StatusOf(alert.State),
            StatusReason = ReasonOf(alert) is { } reason ? new R4.CodeableConcept { Text = reason } : null,
            Category =
            [
                new R4.CodeableConcept(Hub + "CodeSystem/alert-news", Code(alert.News), null, "Safeguarding alert"),
            ],
            Priority = R4.RequestPriority.Urgent,
            About = [.. alert.Plans.Select(Plan), .. Encounter(alert)],
            SentElement = At(alert, alert.RaisedAt),
            ReceivedElement = alert.Settled is { } settled ? At(alert, settled.At) : null,
            Recipient = [Organisation(Gss, councilCode, alert.Council?.Name)],
            Sender = alert.Where is { } where
                ? Organisation(
                    alert.Contact is null ? Ods : Hub + "police-force",
                    where.SiteOds ?? where.OrganisationOds,
                    where.SiteName ?? where.OrganisationName
                )
                : null,
            ReasonCode = [.. alert.Concerns.Select(code => new R4.CodeableConcept(Snomed, code))],
            Payload =
            [
                .. Lines(alert)
                    .Select(line => new R4.Communication.PayloadComponent { Content = new R4.FhirString(line) }),
            ],
        };

    // Of a restricted child the day alone.
    private static R4.FhirDateTime At(AlertView alert, DateTimeOffset at) =>
        alert.Restricted ? new(at.Year, at.Month, at.Day) : new(at);

    private static R4.EventStatus StatusOf(AlertState state) =>
        state switch
        {
            AlertState.Acknowledged => R4.EventStatus.Completed,
            AlertState.Refused => R4.EventStatus.Stopped,
            AlertState.Withdrawn => R4.EventStatus.EnteredInError,
            _ => R4.EventStatus.InProgress,
        };

    private static string? ReasonOf(AlertView alert) =>
        alert.Withdrawn is { } withdrawn ? Code(withdrawn.Reason)
        : alert.Settled?.Refused is { } refused ? Code(refused)
        : null;

    private static R4.ResourceReference Plan(PlanView plan) =>
        new()
        {
            Type = "CarePlan",
            Identifier = new R4.Identifier(Hub + "plan-reference", plan.Reference)
            {
                Type = new R4.CodeableConcept(Snomed, plan.Snomed),
            },
            Display =
                plan.Role is MatchRole.MotherOfUnborn
                    ? "Plan of an unborn child, whose mother this is about"
                    : "Plan of the child this is about",
        };

    private static IEnumerable<R4.ResourceReference> Encounter(AlertView alert) =>
        alert.Encounter is { } encounter
            ?
            [
                new R4.ResourceReference
                {
                    Type = "Encounter",
                    Identifier = new R4.Identifier(Hub + "encounter", encounter.Id.ToString()),
                    Display = Code(encounter.Status),
                },
            ]
            : [];

    private static R4.ResourceReference Organisation(string system, string code, string? name) =>
        new()
        {
            Type = "Organization",
            Identifier = new R4.Identifier(system, code),
            Display = name,
        };

    private static IEnumerable<string> Lines(AlertView alert)
    {
        yield return alert.Summary;
        if (alert.Change is { } change)
            yield return $"Changed: {change}.";
        foreach (var line in alert.Match?.Why ?? [])
            yield return line;
        if (alert.Where?.Phone is { } phone)
            yield return $"Ring {phone}.";
    }

    private static string Code<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
