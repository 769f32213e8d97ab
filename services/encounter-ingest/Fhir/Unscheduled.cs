using Safeguarding.Contracts.Encounters;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// Whether an encounter was unscheduled. EMER always is; IMP, AMB, OBSENC and the rest need another field, never the
/// class alone. What cannot be decided counts as unscheduled, because a missed alert is worse than one too many.
/// </summary>
internal static class Unscheduled
{
    public static bool Decide(EncounterParticulars encounter, CareSetting site) =>
        FromClass(encounter)
        ?? FromAdmission(encounter.AdmissionMethod)
        ?? FromService(encounter.ServiceCodes)
        ?? FromSite(site)
        ?? true;

    /// <summary>
    /// What kind of care: the site's register first, because it was typed in by the trust, then the
    /// encounter.
    /// </summary>
    public static CareSetting Setting(EncounterParticulars encounter, CareSetting site) =>
        (site, encounter) switch
        {
            (not CareSetting.Unknown, _) => site,
            (_, { ClassCode: Codes.Emergency } or { ClassCode: "E", ClassSystem: Codes.PatientClass }) =>
                CareSetting.EmergencyDepartment,
            (_, { ClassCode: Codes.Field }) => CareSetting.Ambulance,
            (_, { AdmissionMethod: "31" or "32" or "82" or "83" }) => CareSetting.Maternity,
            _ => Decide(encounter, site) ? CareSetting.Unknown : CareSetting.Scheduled,
        };

    private static bool? FromClass(EncounterParticulars encounter) =>
        encounter
            is { ClassCode: Codes.Emergency or Codes.Field }
                or { ClassCode: "E", ClassSystem: Codes.PatientClass }
            ? true
            : null;

    /// <summary>
    /// NHS Data Dictionary ADMISSION METHOD: 11-13 elective; 2x emergency; 31, 32 maternity; 82, 83 births. A
    /// transfer (81) says nothing.
    /// </summary>
    private static bool? FromAdmission(string? method) =>
        method switch
        {
            "11" or "12" or "13" => false,
            ['2', _] or "31" or "32" or "82" or "83" => true,
            _ => null,
        };

    /// <summary>HL7 v2 table 0007 in Encounter.type, and treatment function 180 (emergency medicine).</summary>
    private static bool? FromService(IReadOnlyList<string> codes)
    {
        bool? decided = null;
        foreach (var code in codes)
        {
            if (code is "180" or "A" or "E" or "L" or "N" or "U")
                return true;
            decided = false;
        }
        return decided;
    }

    private static bool? FromSite(CareSetting site) =>
        site switch
        {
            CareSetting.Unknown => null,
            CareSetting.Scheduled => false,
            _ => true,
        };

    /// <summary>Whether a code of type or serviceType is one that decides: the others are not kept.</summary>
    public static bool IsService(string? system, string code) =>
        (system, code) switch
        {
            ("https://fhir.nhs.uk/CodeSystem/NHSDataModelAndDictionary-treatment-function", "180") => true,
            ("http://terminology.hl7.org/CodeSystem/v2-0007", "A" or "E" or "L" or "N" or "U" or "C" or "R") => true,
            _ => false,
        };
}
