using Safeguarding.Contracts.Persons;

namespace Safeguarding.Contracts.Encounters;

/// <summary>
/// A trust has sent an encounter, or a change to one (a higher version). Sent by encounter-ingest; matching
/// listens.
/// </summary>
/// <param name="EncounterId">The hub's id, one per (organisation, Encounter.identifier), for ever.</param>
/// <param name="Version">1 for the first, growing with every accepted change.</param>
/// <param name="Status">Where the encounter is in the FHIR life cycle.</param>
/// <param name="Unscheduled">False where class and admission method, service type or site say it was planned: accepted,
/// and raises nothing.</param>
/// <param name="StartedAt">When the encounter began (Encounter.period.start), or null.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="ReceivedAt">When the hub accepted the first version: the alert's latency is counted from here.</param>
/// <param name="Patient">Who; for every patient, on a plan or not.</param>
/// <param name="Place">Where.</param>
/// <param name="Concerns">Safeguarding codes that came with it (SNOMED CT or BaRS), codes only; empty as a
/// rule.</param>
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
public enum EncounterStatus
{
    /// <summary>Not yet started.</summary>
    Planned,

    /// <summary>The patient is there.</summary>
    Arrived,

    /// <summary>Assessed for urgency.</summary>
    Triaged,

    /// <summary>Under way.</summary>
    InProgress,

    /// <summary>Temporarily away.</summary>
    OnLeave,

    /// <summary>Over.</summary>
    Finished,

    /// <summary>Over: the patient left before being seen.</summary>
    LeftBeforeSeen,

    /// <summary>Ended before it began.</summary>
    Cancelled,

    /// <summary>Should never have been recorded.</summary>
    EnteredInError,

    /// <summary>The sender does not know.</summary>
    Unknown,
}

/// <summary>Where an encounter takes place. Location is sensitive for some children, so it travels sealed.</summary>
/// <param name="OrganisationOds">ODS code of the trust.</param>
/// <param name="OrganisationName">Name of the trust, or null.</param>
/// <param name="SiteOds">ODS code of the site, or null where the sender named none.</param>
/// <param name="SiteName">The site's registered name, or null.</param>
/// <param name="Setting">What kind of care the site or the encounter says it is.</param>
/// <param name="Phone">Whom the council rings at the trust, or null.</param>
/// <param name="EncounterReference">What to quote there: the value of the encounter's own identifier; null where an
/// event does not say.</param>
public sealed record Place(
    string OrganisationOds,
    string? OrganisationName,
    string? SiteOds,
    string? SiteName,
    CareSetting Setting,
    string? Phone,
    string? EncounterReference = null
)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(Place);
}

/// <summary>Kinds of care, after the settings of CP-IS.</summary>
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
