using System.Globalization;
using System.Text;

namespace Safeguarding.Demo.People;

/// <summary>
/// An attendance as a trust's record system posts it: a UK Core Encounter of about 2.9 KB with its Patient
/// contained.
/// </summary>
/// <param name="Identifier">The trust's own number of the attendance.</param>
/// <param name="Trust">ODS code of the trust.</param>
/// <param name="Site">ODS code of the site.</param>
/// <param name="Start">When the child arrived.</param>
internal sealed record SyntheticEncounter(string Identifier, string Trust, string Site, DateTimeOffset Start)
{
    public string Status { get; init; } = "in-progress";

    public byte[] Of(SyntheticChild child)
    {
        var start = Start.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        var gender = child.IsGirl ? "female" : "male";
        return Encoding.UTF8.GetBytes(
            $$$$"""
            {"resourceType":"Encounter","meta":{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Encounter"]},
            "contained":[{"resourceType":"Patient","id":"patient","meta":{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]},
            "identifier":[{"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland","code":"01","display":"Number present and verified"}]}}],"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{{{child.NhsNumber.Reveal()}}}}"},{"use":"usual","system":"https://{{{{Trust}}}}.example.nhs.uk/patients","value":"P{{{{child.Number:D8}}}}"}],
            "active":true,"name":[{"use":"official","family":"{{{{child.FamilyName}}}}","given":["{{{{child.GivenName}}}}","{{{{child.MiddleName}}}}"]}],
            "telecom":[{"system":"phone","value":"{{{{child.Phone}}}}","use":"mobile"}],
            "gender":"{{{{gender}}}}","birthDate":"{{{{child.BirthDate:yyyy-MM-dd}}}}",
            "address":[{"use":"home","line":["{{{{child.Number % 180
                + 1}}}} Synthetic Row"],"city":"Nowhere","postalCode":"{{{{child.Postcode}}}}"}],
            "contact":[{"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":"PRN","display":"parent"}]}],"telecom":[{"system":"phone","value":"07700 900123","use":"mobile"}]}]}],
            "identifier":[{"use":"official","system":"https://{{{{Trust}}}}.example.nhs.uk/attendances","value":"{{{{Identifier}}}}"}],
            "status":"{{{{Status}}}}","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"EMER","display":"emergency"},
            "type":[{"coding":[{"system":"http://snomed.info/sct","code":"319981000000104","display":"Seen in urgent care centre"}]}],
            "serviceType":{"coding":[{"system":"https://fhir.nhs.uk/CodeSystem/NHSDataModelAndDictionary-treatment-function","code":"180","display":"Emergency Medicine Service"}]},
            "priority":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActPriority","code":"EM","display":"emergency"}]},
            "subject":{"reference":"#patient"},
            "participant":[{"type":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"PPRF","display":"primary performer"}]}],"individual":{"identifier":{"system":"https://fhir.nhs.uk/Id/sds-user-id","value":"000000000000"}}}],
            "period":{"start":"{{{{start}}}}"},
            "hospitalization":{"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AdmissionMethod","valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-AdmissionMethodEngland","code":"21","display":"Emergency Admission: Emergency Care Department or dental casualty department of the Health Care Provider"}]}}]},
            "location":[{"location":{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-site-code","value":"{{{{Site}}}}"},"display":"Emergency department"},"status":"active"}],
            "serviceProvider":{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{{{{Trust}}}}"},"display":"Synthetic Hospitals NHS Trust"}}
            """
        );
    }
}
