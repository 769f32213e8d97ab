using System.Globalization;
using System.Text.Json;

namespace Safeguarding.Portal.Practice;

/// <summary>
/// Lets a family's events happen, and takes them back. What is sent follows from the family and the event, so nothing
/// of it is kept here: the same event again is another version of the same visit or incident.
/// </summary>
/// <param name="systems">The made-up organisations' systems.</param>
/// <param name="clock">The clock.</param>
public sealed class Rehearsal(PracticeSystems systems, TimeProvider clock)
{
    private const string Identifiers = "https://safeguarding-hub.uk/practice/visit";
    private const string EnteredInError = "entered-in-error";
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(4);
    private static readonly (string, string) OnlyNew = ("If-None-Match", "*");
    private static readonly (string, string) OnlyKnown = ("If-Match", "*");

    /// <summary>What the hub holds of the family's visits.</summary>
    internal async Task<IReadOnlyList<VisitState>> ReadAsync(Family family, CancellationToken cancellationToken)
    {
        var visits = family.Events.Where(one => one.Visit is not null).DistinctBy(one => one.Visit);
        return
        [
            .. (
                await Task.WhenAll(visits.Select(one => ReadAsync(family, one, cancellationToken)))
            ).OfType<VisitState>(),
        ];
    }

    /// <summary>Sends it, after the plans and places that it needs.</summary>
    internal async Task LetHappenAsync(Family family, FamilyEvent happens, CancellationToken cancellationToken)
    {
        await PrepareAsync(family, cancellationToken);
        if (happens.Incident is not null)
        {
            await ReportAsync(family, happens, happens.State!, cancellationToken);
            return;
        }

        // A later step of a visit goes on from its beginning; what was taken back begins again.
        var held = await ReadAsync(family, happens, cancellationToken);
        var start = held is { IsTakenBack: false, Start: { } begun } ? begun : clock.GetUtcNow() - Before;
        await systems.SendAsync(
            Stories.Organisations.Sites.Single(site => site.Code == happens.Site).Client,
            PracticeSystems.Intake,
            HttpMethod.Post,
            "fhir/Encounter",
            Encounter(family, happens, happens.Status!, start),
            null,
            cancellationToken
        );
    }

    /// <summary>Takes back what was sent, and puts the family's plans as they were.</summary>
    internal async Task ResetAsync(Family family, CancellationToken cancellationToken)
    {
        foreach (var step in family.Events.DistinctBy(one => one.Visit ?? one.Incident))
        {
            if (step.Incident is not null)
            {
                await ReportAsync(family, step, "withdrawn", cancellationToken);
                continue;
            }

            var held = await ReadAsync(family, step, cancellationToken);
            await systems.SendAsync(
                Stories.Organisations.Sites.Single(site => site.Code == step.Site).Client,
                PracticeSystems.Intake,
                HttpMethod.Put,
                $"fhir/Encounter?identifier={Uri.EscapeDataString($"{Identifiers}|{IdOf(family, step)}")}",
                Encounter(family, step, EnteredInError, held?.Start ?? clock.GetUtcNow() - Before),
                OnlyKnown,
                cancellationToken
            );
        }

        foreach (var plan in family.Plans)
            await PutPlanAsync(plan, null, cancellationToken);
    }

    /// <summary>The force's number of a family's incident.</summary>
    internal static string NumberOf(Family family, FamilyEvent incident) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Stories.Organisations.Force.Code}-PRACTICE-{family.Number:D2}/{family.Events.FindIndex(one => one.Incident == incident.Incident) + 1}"
        );

    private async Task PrepareAsync(Family family, CancellationToken cancellationToken)
    {
        foreach (var plan in family.Plans)
            await PutPlanAsync(plan, OnlyNew, cancellationToken);
        foreach (var council in Stories.Organisations.Councils.Where(one => family.Councils.Contains(one.Code)))
        {
            var known = await systems.SendAsync(
                council.Client,
                PracticeSystems.Registry,
                HttpMethod.Get,
                $"councils/{council.Code}",
                null,
                null,
                cancellationToken
            );
            if (known.IsDone)
                continue;
            await systems.SendAsync(
                council.Client,
                PracticeSystems.Registry,
                HttpMethod.Put,
                $"councils/{council.Code}",
                new
                {
                    council.Name,
                    council.OfficePhone,
                    council.EmergencyDutyPhone,
                },
                null,
                cancellationToken
            );
        }

        var places = family.Events.Select(one => one.Site).ToHashSet();
        foreach (var site in Stories.Organisations.Sites.Where(site => places.Contains(site.Code)))
        {
            await systems.SendAsync(
                site.Client,
                PracticeSystems.Intake,
                HttpMethod.Put,
                $"organisations/{site.Trust}/sites/{site.Code}",
                new
                {
                    site.Name,
                    site.Setting,
                    site.Phone,
                },
                null,
                cancellationToken
            );
        }
    }

    private Task<PracticeAnswer> PutPlanAsync(
        FamilyPlan plan,
        (string, string)? condition,
        CancellationToken cancellationToken
    ) =>
        systems.SendAsync(
            Stories.Organisations.Councils.Single(council => council.Code == plan.Council).Client,
            PracticeSystems.Registry,
            HttpMethod.Put,
            $"plans/{plan.Reference}",
            new
            {
                plan.Kind,
                plan.StartDate,
                plan.ExpectedDate,
                plan.Restricted,
                subject = new
                {
                    identifier = new
                    {
                        state = plan.Subject.Number is null ? "unknown" : "known",
                        nhsNumber = plan.Subject.Number,
                    },
                    names = new[] { new { plan.Subject.Family, given = new[] { plan.Subject.Given } } },
                    plan.Subject.BirthDate,
                    plan.Subject.Sex,
                    postcodes = Maybe(plan.Subject.Postcode, code => new { postcode = code }),
                    phones = Maybe(plan.Subject.Phone, phone => phone),
                },
            },
            condition,
            cancellationToken
        );

    private Task<PracticeAnswer> ReportAsync(
        Family family,
        FamilyEvent step,
        string state,
        CancellationToken cancellationToken
    )
    {
        var (force, now) = (Stories.Organisations.Force, clock.GetUtcNow());
        return systems.SendAsync(
            force.Client,
            PracticeSystems.Intake,
            HttpMethod.Post,
            "contacts",
            new
            {
                @event = new
                {
                    incidentNumber = NumberOf(family, step),
                    step.Kind,
                    state,
                    step.Grade,
                    occurredAt = now - Before,
                    endedAt = state == "ended" ? now : (DateTimeOffset?)null,
                    updatedAt = now,
                },
                unit = new { name = force.Unit, force.Phone },
                person = new
                {
                    nhsNumber = step.Patient.Number,
                    names = new[]
                    {
                        new { familyName = step.Patient.Family, givenNames = new[] { step.Patient.Given } },
                    },
                    step.Patient.BirthDate,
                    step.Patient.Sex,
                    postcodes = Maybe(step.Patient.Postcode, code => new { postcode = code }),
                },
            },
            null,
            cancellationToken
        );
    }

    private async Task<VisitState?> ReadAsync(Family family, FamilyEvent step, CancellationToken cancellationToken)
    {
        var found = await systems.SendAsync(
            Stories.Organisations.Sites.Single(site => site.Code == step.Site).Client,
            PracticeSystems.Intake,
            HttpMethod.Get,
            $"fhir/Encounter?identifier={Uri.EscapeDataString($"{Identifiers}|{IdOf(family, step)}")}",
            null,
            null,
            cancellationToken
        );
        if (found.Body is not { } bundle || !bundle.TryGetProperty("entry", out var entries))
            return null;
        return entries
            .EnumerateArray()
            .Select(entry => VisitState.Of(step.Visit!, entry.GetProperty("resource")))
            .FirstOrDefault();
    }

    private object Encounter(Family family, FamilyEvent step, string status, DateTimeOffset start)
    {
        var (now, patient) = (clock.GetUtcNow(), step.Patient);
        return new
        {
            resourceType = "Encounter",
            meta = new { lastUpdated = now },
            contained = new[]
            {
                new
                {
                    resourceType = "Patient",
                    id = "patient",
                    identifier = Maybe(patient.Number, number => new
                    {
                        system = "https://fhir.nhs.uk/Id/nhs-number",
                        value = number,
                    }),
                    name = new[] { new { patient.Family, given = new[] { patient.Given } } },
                    telecom = Maybe(patient.Phone, phone => new { system = "phone", value = phone }),
                    gender = patient.Sex,
                    patient.BirthDate,
                    address = Maybe(patient.Postcode, code => new { use = "home", postalCode = code }),
                },
            },
            identifier = new[] { new { system = Identifiers, value = IdOf(family, step) } },
            status,
            @class = new
            {
                system = "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                code = step.Admitted ? "IMP" : "EMER",
            },
            subject = new { reference = "#patient" },
            period = new { start, end = status == "finished" ? now : (DateTimeOffset?)null },
            hospitalization = step.LeftBeforeSeen ? LeftBeforeSeen()
            : step.Admitted ? AsAnEmergency()
            : null,
            location = new[]
            {
                new
                {
                    location = new
                    {
                        identifier = new { system = "https://fhir.nhs.uk/Id/ods-site-code", value = step.Site },
                    },
                },
            },
        };
    }

    // SNOMED CT: left before the initial assessment.
    private static object LeftBeforeSeen() =>
        new
        {
            dischargeDisposition = new
            {
                coding = new[] { new { system = "http://snomed.info/sct", code = "1066301000000103" } },
            },
        };

    // NHS Data Dictionary, admission method 21: emergency care department.
    private static object AsAnEmergency() =>
        new
        {
            extension = new[]
            {
                new
                {
                    url = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AdmissionMethod",
                    valueCodeableConcept = new
                    {
                        coding = new[]
                        {
                            new
                            {
                                system = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdmissionMethodEngland",
                                code = "21",
                            },
                        },
                    },
                },
            },
        };

    private static string IdOf(Family family, FamilyEvent step) =>
        string.Create(CultureInfo.InvariantCulture, $"{family.Number:D2}-{step.Visit}");

    private static T[]? Maybe<T>(string? value, Func<string, T> of) => value is null ? null : [of(value)];
}

/// <summary>A visit as the hub holds it.</summary>
/// <param name="Visit">Which of the family's.</param>
/// <param name="Id">The hub's.</param>
/// <param name="Status">As FHIR has it.</param>
/// <param name="Start">When it began.</param>
/// <param name="SentAt">When its newest version was sent.</param>
internal sealed record VisitState(string Visit, Guid Id, string Status, DateTimeOffset? Start, DateTimeOffset? SentAt)
{
    public bool IsTakenBack => Status == "entered-in-error";

    public static VisitState Of(string visit, JsonElement encounter) =>
        new(
            visit,
            encounter.GetProperty("id").GetGuid(),
            encounter.GetProperty("status").GetString()!,
            encounter.TryGetProperty("period", out var period) ? Time(period, "start") : null,
            encounter.TryGetProperty("meta", out var meta) ? Time(meta, "lastUpdated") : null
        );

    private static DateTimeOffset? Time(JsonElement of, string name) =>
        of.TryGetProperty(name, out var time)
            ? DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture)
            : null;
}
