using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// One name that a sender gives the encounter. With the sender's organisation, each is the encounter's
/// identity.
/// </summary>
internal sealed record BusinessIdentifier(string System, string Value)
{
    public override string ToString() => nameof(BusinessIdentifier);
}

/// <summary>What is kept of an Encounter besides the person. Nothing clinical, no free text.</summary>
[SealedAs("Safeguarding.EncounterIngest.Fhir.EncounterParticulars")]
internal sealed record EncounterParticulars
{
    public required BusinessIdentifier Identifier { get; init; }

    /// <summary>
    /// What else the sender calls it, in an order of the hub's; null where it has one identifier
    /// only.
    /// </summary>
    public IReadOnlyList<BusinessIdentifier>? OtherIdentifiers { get; init; }

    /// <summary>As FHIR writes it.</summary>
    public required string FhirStatus { get; init; }

    public required EncounterStatus Status { get; init; }

    public string? ClassCode { get; init; }

    /// <summary>The code system of the class; null of v3-ActCode.</summary>
    public string? ClassSystem { get; init; }

    public string? Start { get; init; }

    public string? End { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? AdmissionMethod { get; init; }

    /// <summary>Codes of type and serviceType that say whether the encounter was planned.</summary>
    public IReadOnlyList<string> ServiceCodes { get; init; } = [];

    public string? OrganisationName { get; init; }

    public string? SiteOds { get; init; }

    /// <summary>Safeguarding codes that came with it.</summary>
    public IReadOnlyList<string> Concerns { get; init; } = [];

    /// <summary>
    /// The class before the patient was admitted, by HL7 v2: an admission that is undone leads back to
    /// it.
    /// </summary>
    public string? AdmittedFrom { get; init; }

    /// <summary>
    /// The time, as sent, of the HL7 v2 message that undid an admission: the same one undoes no
    /// second.
    /// </summary>
    public string? AdmissionUndoneAt { get; init; }

    /// <summary>
    /// The trust's own numbers of the patient, each behind its issuer, by HL7 v2: a merge of patients names no
    /// visit.
    /// </summary>
    public IReadOnlyList<string>? LocalNumbers { get; init; }

    /// <summary>Of what a police force reports: what it is, and which of its units to ring.</summary>
    public PoliceContact? Contact { get; init; }

    public ContactUnit? Unit { get; init; }

    public override string ToString() => nameof(EncounterParticulars);
}

/// <summary>The unit of a police force that deals with it.</summary>
internal sealed record ContactUnit(string Name, string Phone);

/// <summary>An encounter that was read and may be stored.</summary>
/// <param name="Particulars">What is kept of it.</param>
/// <param name="Patient">Who.</param>
/// <param name="LastUpdated">The sender's clock for this version; null where it said none that can be used.</param>
/// <param name="Id">Encounter.id as sent; only an update by id looks at it.</param>
/// <param name="Identifiers">All its identifiers, the official one first: any of them finds the encounter.</param>
/// <param name="HasOfficial">Whether the first identifier is the official one.</param>
/// <param name="Path">Where in the document it stood.</param>
internal sealed record Submission(
    EncounterParticulars Particulars,
    PersonTraits Patient,
    DateTimeOffset? LastUpdated,
    string? Id,
    IReadOnlyList<BusinessIdentifier> Identifiers,
    bool HasOfficial,
    string Path
)
{
    public override string ToString() => nameof(Submission);
}
