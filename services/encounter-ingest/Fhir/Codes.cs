using Safeguarding.Contracts.Encounters;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>Addresses and codes of FHIR R4, UK Core and the NHS Data Dictionary that the hub reads.</summary>
internal static class Codes
{
    public const string DataAbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    public const string AdmissionMethod = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AdmissionMethod";
    public const string OdsOrganisation = "https://fhir.nhs.uk/Id/ods-organization-code";
    public const string OdsSite = "https://fhir.nhs.uk/Id/ods-site-code";
    public const string Emergency = "EMER";
    public const string Field = "FLD";

    /// <summary>The address in use today, and those that older systems still send.</summary>
    public static bool IsNhsNumberSystem(string? system) => system is
        Contracts.NhsNumber.FhirSystem or "http://fhir.nhs.uk/Id/nhs-number" or "http://fhir.nhs.net/Id/nhs-number"
        or "urn:oid:2.16.840.1.113883.2.1.4.1";

    public static bool IsMother(string? code) => code is "MTH" or "NMTH" or "GESTM";

    public static EncounterStatus? Status(string fhir) => fhir switch
    {
        "planned" => EncounterStatus.Planned,
        "arrived" => EncounterStatus.Arrived,
        "triaged" => EncounterStatus.Triaged,
        "in-progress" => EncounterStatus.InProgress,
        "onleave" => EncounterStatus.OnLeave,
        "finished" => EncounterStatus.Finished,
        "cancelled" => EncounterStatus.Cancelled,
        "entered-in-error" => EncounterStatus.EnteredInError,
        "unknown" => EncounterStatus.Unknown,
        _ => null,
    };

    /// <summary>SNOMED CT: left the care setting before, and after, the initial assessment.</summary>
    public static bool IsLeftBeforeSeen(string? code) => code is "1066301000000103" or "1066311000000101";

    /// <summary>Data-absent reasons with which a sender says that it knows and will not tell.</summary>
    public static bool IsWithheld(string? reason) => reason is "masked" or "asked-declined" or "not-permitted";
}
