using System.Text.Json.Serialization;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.Contracts.Encounters;

/// <summary>
/// A trust has sent an encounter, or a change to one (a higher version). Sent by encounter-ingest; matching
/// listens.
/// </summary>
/// <remarks>Source: FHIR R4 Encounter, as UK Core has it.</remarks>
/// <param name="EncounterId">The hub's id, one per (organisation, Encounter.identifier), for ever.</param>
/// <param name="Version">1 for the first, growing with every accepted change.</param>
/// <param name="Status">Where the encounter is in the FHIR life cycle (<c>Encounter.status</c>).</param>
/// <param name="Unscheduled">False where class and admission method, service type or site say it was planned: accepted,
/// and raises nothing. From <c>Encounter.class</c> (HL7 v3 ActCode), UK Core's extension AdmissionMethod (NHS Data
/// Dictionary, ADMISSION METHOD), <c>Encounter.type</c>, <c>Encounter.serviceType</c> and the site's setting.</param>
/// <param name="StartedAt">When the encounter began (Encounter.period.start), or null.</param>
/// <param name="EndedAt">When it ended (Encounter.period.end), or null.</param>
/// <param name="ReceivedAt">When the hub accepted the first version: the alert's latency is counted from here.</param>
/// <param name="Patient">Who; for every patient, on a plan or not.</param>
/// <param name="Place">Where.</param>
/// <param name="Concerns">Safeguarding codes that came with it (SNOMED CT, or NHS England's Booking and Referral
/// Standard), codes only, from <c>Flag.code</c> of Flags of category <c>SG</c>; empty as a rule.</param>
[Event("encounter-ingest", "matching")]
public sealed record EncounterReceived(
    Guid EncounterId,
    long Version,
    EncounterStatus Status,
    bool Unscheduled,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset ReceivedAt,
    Sealed<PersonTraits> Patient,
    Sealed<Place> Place,
    IReadOnlyList<string> Concerns
);

/// <summary>
/// The FHIR R4 Encounter status; <see cref="LeftBeforeSeen"/> is R4's <c>finished</c> or <c>cancelled</c> with
/// a left-before-seen disposition.
/// </summary>
/// <remarks>
/// Source: FHIR R4 value set encounter-status. The disposition is
/// <c>Encounter.hospitalization.dischargeDisposition</c>, SNOMED CT 1066301000000103 or 1066311000000101.
/// </remarks>
public enum EncounterStatus
{
    /// <summary>Not yet started: <c>planned</c>.</summary>
    Planned,

    /// <summary>The patient is there: <c>arrived</c>.</summary>
    Arrived,

    /// <summary>Assessed for urgency: <c>triaged</c>.</summary>
    Triaged,

    /// <summary>Under way: <c>in-progress</c>.</summary>
    InProgress,

    /// <summary>Temporarily absent: <c>onleave</c>.</summary>
    OnLeave,

    /// <summary>Over: <c>finished</c>.</summary>
    Finished,

    /// <summary>Over: the patient left before being seen.</summary>
    LeftBeforeSeen,

    /// <summary>Ended before it began: <c>cancelled</c>.</summary>
    Cancelled,

    /// <summary>Should never have been recorded: <c>entered-in-error</c>.</summary>
    EnteredInError,

    /// <summary>The sender does not know: <c>unknown</c>.</summary>
    Unknown,
}

/// <summary>Where an encounter takes place. Location is sensitive for some children, so it travels sealed.</summary>
/// <param name="OrganisationOds">ODS code of the trust (Organisation Data Service), from its token.</param>
/// <param name="OrganisationName">Name of the trust, as it says itself or as it is known; null where neither.</param>
/// <param name="SiteOds">ODS site code, or null where the sender named none. FHIR identifier system
/// <c>https://fhir.nhs.uk/Id/ods-site-code</c>.</param>
/// <param name="SiteName">The site's registered name, else its name in ODS; null where neither is known.</param>
/// <param name="Setting">What kind of care the site or the encounter says it is.</param>
/// <param name="Phone">Whom the council rings at the trust, or null.</param>
/// <param name="EncounterReference">What to quote there: the value of the encounter's own identifier (FHIR R4
/// <c>Encounter.identifier.value</c>); null where an event does not say.</param>
/// <param name="Contact">Of what a police force reports: what it is. Then <paramref name="OrganisationOds"/> is the
/// force's code (Home Office), <paramref name="SiteName"/> its unit and <paramref name="Phone"/> how to ring it. Null
/// of care.</param>
public sealed record Place(
    string OrganisationOds,
    string? OrganisationName,
    string? SiteOds,
    string? SiteName,
    CareSetting Setting,
    string? Phone,
    string? EncounterReference = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PoliceContact? Contact = null
)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(Place);
}

/// <summary>Kinds of care, after the settings of CP-IS.</summary>
/// <remarks>Source: NHS England's guidance on Child Protection - Information Sharing, unscheduled care
/// settings (DCB1609). The hub's own names; it has no code system.</remarks>
public enum CareSetting
{
    /// <summary>Not stated.</summary>
    Unknown,

    /// <summary>Emergency department.</summary>
    EmergencyDepartment,

    /// <summary>Minor injury unit.</summary>
    MinorInjuryUnit,

    /// <summary>Urgent treatment centre or walk-in centre.</summary>
    UrgentTreatmentCentre,

    /// <summary>GP out of hours.</summary>
    GpOutOfHours,

    /// <summary>NHS 111.</summary>
    Nhs111,

    /// <summary>Ambulance service.</summary>
    Ambulance,

    /// <summary>Maternity unit.</summary>
    Maternity,

    /// <summary>Paediatric ward, direct admission.</summary>
    PaediatricWard,

    /// <summary>Any planned care: outpatients, elective wards, GP in hours, community.</summary>
    Scheduled,
}
