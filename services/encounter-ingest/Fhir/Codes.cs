using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>Addresses and codes of FHIR R4, UK Core and the NHS Data Dictionary that the hub reads.</summary>
internal static class Codes
{
    public const string DataAbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    public const string AdmissionMethod =
        "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AdmissionMethod";
    public const string NhsNumberVerificationStatus =
        "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
    public const string OdsOrganisation = "https://fhir.nhs.uk/Id/ods-organization-code";
    public const string OdsSite = "https://fhir.nhs.uk/Id/ods-site-code";
    public const string Emergency = "EMER";
    public const string Field = "FLD";

    public const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /// <summary>HL7 v2 table 0004, which converters of v2 put into Encounter.class.</summary>
    public const string PatientClass = "http://terminology.hl7.org/CodeSystem/v2-0004";

    private static readonly string[] NhsNumberNames =
    [
        "nhs-number",
        "nhsnumber",
        "nhs_number",
        "nhs-no",
        "nhs_no",
        "nhsno",
        "nhsnbr",
    ];

    /// <summary>
    /// What an identifier of a person is: by its system, in today's spelling and those that older systems still send,
    /// or without one by its type NH (v2-0203). A system that is not the NHS's but is called "NHS number" by its owner
    /// is one by name.
    /// </summary>
    public static NumberSystem SystemOf(FhirElement identifier)
    {
        if (identifier.Text("system") is not { } text)
            return IsNationalHealthNumber(identifier) ? NumberSystem.NamedSo : NumberSystem.Other;
        var system = Plain(text);
        var name = system[(system.LastIndexOfAny(['/', ':', '.']) + 1)..];
        if (
            system is "2.16.840.1.113883.2.1.4.1" or "nhs-uk:identity:nhsno"
            || (NhsNumberNames.Contains(name) && IsOfTheNhs(system))
        )
        {
            return NumberSystem.NhsNumber;
        }

        return NhsNumberNames.Contains(name) || (system is "nhs" or "id:nhs" && IsNationalHealthNumber(identifier))
            ? NumberSystem.NamedSo
            : NumberSystem.Other;
    }

    /// <summary>Whether an identifier is an ODS code of a site, in any spelling of its system.</summary>
    public static bool IsOdsSite(FhirElement identifier) =>
        Plain(identifier.Text("system")) is var system
        && (
            system == "2.16.840.1.113883.2.1.3.2.4.19.2"
            || (IsOfTheNhs(system) && system.EndsWith("/ods-site-code", StringComparison.Ordinal))
        );

    /// <summary>Whether an identifier is an ODS code of an organisation, in any spelling of its system.</summary>
    public static bool IsOdsOrganisation(FhirElement identifier) =>
        Plain(identifier.Text("system")) is var system
        && (
            system == "2.16.840.1.113883.2.1.3.2.4.19.1"
            || (
                IsOfTheNhs(system)
                && system.EndsWith("-code", StringComparison.Ordinal)
                && system.AsSpan(system.LastIndexOf('/') + 1)
                    is "ods-organization-code"
                        or "ods-organisation-code"
                        or "ods-code"
            )
        );

    // https://fhir.nhs.uk/Id/x, http://FHIR.NHS.UK/id/x/, urn:https://fhir.nhs.uk/Id/x, fhir.nhs.uk/Id/x: one system.
    private static string Plain(string? system)
    {
        var plain = system?.Trim().ToLowerInvariant().TrimEnd('/', '#', '?') ?? "";
        foreach (var prefix in (ReadOnlySpan<string>)["urn:", "oid:", "https://", "http://", "www."])
        {
            if (plain.StartsWith(prefix, StringComparison.Ordinal))
                plain = plain[prefix.Length..];
        }

        return plain;
    }

    private static bool IsOfTheNhs(string system)
    {
        var host = system.AsSpan(0, Math.Max(system.IndexOf('/', StringComparison.Ordinal), 0));
        return host
            is "fhir.nhs.uk"
                or "fhir.nhs.net"
                or "fhir.hl7.org.uk"
                or "digital.nhs.uk"
                or "nhs.uk"
                or "hl7.org.uk";
    }

    private static bool IsNationalHealthNumber(FhirElement identifier) =>
        identifier
            .Child("type")
            ?.All("coding")
            .Any(coding =>
                coding.Text("code") == "NH"
                && coding.Text("system")
                    is null
                        or "http://terminology.hl7.org/CodeSystem/v2-0203"
                        or "http://hl7.org/fhir/v2/0203"
            ) == true;

    public static bool IsMother(string? code) => code is "MTH" or "NMTH" or "GESTM";

    public static EncounterStatus? Status(string fhir) =>
        fhir switch
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

    /// <summary>
    /// How far a number was traced; null of another code, and of a system that is not an NHS number verification
    /// status. UK Core 2.1.0 had words for the national codes, which some still send.
    /// </summary>
    public static NhsNumberStatus? NumberStatus(FhirElement coding) =>
        coding.Text("system") is not null && !IsOfNumberStatus(coding)
            ? null
            : coding.Text("code") switch
            {
                "number-present-and-verified" => NhsNumberStatus.Verified,
                "number-present-but-not-traced" => NhsNumberStatus.NotTraced,
                "trace-required" => NhsNumberStatus.TraceRequired,
                "trace-attempted" => NhsNumberStatus.NoMatch,
                "trace-needs-to-be-resolved" => NhsNumberStatus.Conflict,
                "trace-in-progress" => NhsNumberStatus.TraceInProgress,
                "number-not-present-and-trace-not-required" => NhsNumberStatus.NotPresent,
                "trace-postponed" => NhsNumberStatus.TracePostponed,
                var code => NhsNumberStatusCode.Read(code),
            };

    /// <summary>
    /// Whether a coding is of one of UK Core's code systems of NHS number verification status: England's, Wales's
    /// where it has the same codes, and the one before them.
    /// </summary>
    public static bool IsOfNumberStatus(FhirElement coding) =>
        Plain(coding.Text("system"))
            .StartsWith("fhir.hl7.org.uk/codesystem/ukcore-nhsnumberverificationstatus", StringComparison.Ordinal);

    /// <summary>SNOMED CT: left the care setting before, and after, the initial assessment.</summary>
    public static bool IsLeftBeforeSeen(string? code) => code is "1066301000000103" or "1066311000000101";

    /// <summary>Data-absent reasons with which a sender says that it knows and will not tell.</summary>
    public static bool IsWithheld(string? reason) => reason is "masked" or "asked-declined" or "not-permitted";
}

/// <summary>What an identifier of a person is.</summary>
internal enum NumberSystem
{
    Other,

    /// <summary>An NHS number by what its owner calls it; its value decides.</summary>
    NamedSo,

    NhsNumber,
}
