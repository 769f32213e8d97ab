namespace Safeguarding.Demo.Story;

/// <summary>FHIR R4 Encounters as an EPR sends them, with the Patient contained.</summary>
internal sealed record DemoEncounter(
    string Story,
    string? NhsNumber,
    string Family,
    string Given,
    string BirthDate,
    string Gender,
    string Postcode,
    string? Phone = null,
    string Status = "in-progress"
)
{
    public object ToFhir(string identifier, DateTimeOffset at) =>
        new
        {
            resourceType = "Encounter",
            meta = new { lastUpdated = at },
            contained = new object[]
            {
                new
                {
                    resourceType = "Patient",
                    id = "patient",
                    identifier = NhsNumber is null
                        ? null
                        : new[] { new { system = "https://fhir.nhs.uk/Id/nhs-number", value = NhsNumber } },
                    name = new[]
                    {
                        new
                        {
                            use = "official",
                            family = Family,
                            given = Given.Split(' '),
                        },
                    },
                    telecom = Phone is null ? null : new[] { new { system = "phone", value = Phone } },
                    gender = Gender,
                    birthDate = BirthDate,
                    address = new[] { new { use = "home", postalCode = Postcode } },
                },
            },
            identifier = new[] { new { system = "https://epr.meadowbank.example/encounter", value = identifier } },
            status = Status,
            @class = new
            {
                system = "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                code = "EMER",
                display = "emergency",
            },
            subject = new { reference = "#patient" },
            period = new { start = at.AddMinutes(-4) },
            location = new[]
            {
                new
                {
                    location = new
                    {
                        identifier = new { system = "https://fhir.nhs.uk/Id/ods-site-code", value = "RZ101" },
                    },
                },
            },
            serviceProvider = new
            {
                identifier = new { system = "https://fhir.nhs.uk/Id/ods-organization-code", value = "RZ1" },
            },
        };
}
