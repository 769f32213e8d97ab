using System.Text.Json.Nodes;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class Refusing_an_encounter
{
    private static JsonObject Patient(JsonNode encounter) => encounter["contained"]![0]!.AsObject();

    private static void Nobody(JsonNode encounter)
    {
        foreach (var part in new[] { "name", "birthDate", "address" })
            Patient(encounter).Remove(part);
    }

    private static readonly Dictionary<string, (Action<JsonNode> Change, string Code, string Path)> Cases = new()
    {
        ["wrong resource"] = (e => e["resourceType"] = "Observation", "resource-type-wrong", "Observation"),
        ["no identifier"] = (
            e => e.AsObject().Remove("identifier"),
            "encounter-identifier-missing",
            "Encounter.identifier"
        ),
        ["identifier without system"] = (
            e => e["identifier"]![0]!.AsObject().Remove("system"),
            "encounter-identifier-missing",
            "Encounter.identifier"
        ),
        ["identifier of blanks"] = (
            e => e["identifier"]![0]!["value"] = " \u00A0\t",
            "encounter-identifier-missing",
            "Encounter.identifier"
        ),
        ["no subject"] = (e => e.AsObject().Remove("subject"), "subject-missing", "Encounter.subject"),
        ["subject elsewhere"] = (
            e => e["subject"]!["reference"] = "Patient/1",
            "subject-unresolved",
            "Encounter.subject"
        ),
        ["subject at another host"] = (
            e => e["subject"]!["reference"] = "https://169.254.169.254/Patient/1",
            "subject-unresolved",
            "Encounter.subject"
        ),
        ["subject a Group"] = (e => e["subject"]!["reference"] = "Group/1", "subject-not-patient", "Encounter.subject"),
        ["subject of type Group"] = (e => e["subject"]!["type"] = "Group", "subject-not-patient", "Encounter.subject"),
        ["subject contained, not a Patient"] = (
            e => Patient(e)["resourceType"] = "Practitioner",
            "subject-not-patient",
            "Encounter.subject.reference"
        ),
        ["two patients in it"] = (
            e => e["contained"]!.AsArray().Add(Patient(e).DeepClone()),
            "several-patients",
            "Encounter.contained"
        ),
        ["subject by a local number"] = (
            e =>
                e["subject"] = new JsonObject
                {
                    ["identifier"] = new JsonObject { ["system"] = "https://t.example", ["value"] = "1" },
                },
            "patient-unidentified",
            "Encounter.subject.identifier"
        ),
        ["check digit, and nothing else"] = (
            e =>
            {
                Nobody(e);
                Patient(e)["identifier"]![0]!["value"] = "9434765918";
            },
            "nhs-number-invalid",
            "Encounter.contained[0].identifier[0].value"
        ),
        ["NHS number without value, and nothing else"] = (
            e =>
            {
                Nobody(e);
                Patient(e)["identifier"]![0]!.AsObject().Remove("value");
            },
            "nhs-number-empty",
            "Encounter.contained[0].identifier[0]"
        ),
        ["two NHS numbers"] = (
            e =>
                e["subject"]!["identifier"] = new JsonObject
                {
                    ["system"] = "https://fhir.nhs.uk/Id/nhs-number",
                    ["value"] = TestKit.Synthetic.NextNhsNumber().Reveal(),
                },
            "nhs-number-conflict",
            "Encounter.subject.identifier.value"
        ),
        ["born tomorrow"] = (
            e => Patient(e)["birthDate"] = "2026-11-23",
            "birth-date-in-future",
            "Encounter.contained[0].birthDate"
        ),
        ["born in 1899"] = (
            e => Patient(e)["birthDate"] = "1899-12-31",
            "birth-date-too-early",
            "Encounter.contained[0].birthDate"
        ),
        ["30 February"] = (
            e => Patient(e)["birthDate"] = "2015-02-30",
            "birth-date-invalid",
            "Encounter.contained[0].birthDate"
        ),
        ["29 February of no leap year"] = (
            e => Patient(e)["birthDate"] = "2015-02-29",
            "birth-date-invalid",
            "Encounter.contained[0].birthDate"
        ),
        ["birth date as number"] = (
            e => Patient(e)["birthDate"] = 20150228,
            "element-type-wrong",
            "Encounter.contained[0].birthDate"
        ),
        ["gender of HL7 v2"] = (e => Patient(e)["gender"] = "F", "code-unknown", "Encounter.contained[0].gender"),
        ["no status"] = (e => e.AsObject().Remove("status"), "status-missing", "Encounter.status"),
        ["status of R5"] = (e => e["status"] = "completed", "code-unknown", "Encounter.status"),
        ["class of R5"] = (
            e => e["class"] = new JsonArray(e["class"]!.DeepClone()),
            "element-type-wrong",
            "Encounter.class[0]"
        ),
        ["identifier not in a list"] = (
            e => e["identifier"] = e["identifier"]![0]!.DeepClone(),
            "element-type-wrong",
            "Encounter.identifier"
        ),
        ["element of another version"] = (
            e => e["subjectStatus"] = new JsonObject(),
            "element-unknown",
            "Encounter.subjectStatus"
        ),
        ["misspelt part of a kept element"] = (
            e => e["period"]!["strat"] = "2026",
            "element-unknown",
            "Encounter.period.strat"
        ),
        ["a property named like a person's number"] = (e => e["9434765919"] = "x", "element-unknown", "Encounter.?"),
        ["modifierExtension"] = (
            e =>
                e["modifierExtension"] = new JsonArray(
                    new JsonObject { ["url"] = "https://x.example", ["valueBoolean"] = true }
                ),
            "modifier-extension-unknown",
            "Encounter.modifierExtension[0]"
        ),
        ["modifierExtension of the patient"] = (
            e =>
                Patient(e)["modifierExtension"] = new JsonArray(
                    new JsonObject { ["url"] = "https://x.example", ["valueBoolean"] = true }
                ),
            "modifier-extension-unknown",
            "Encounter.contained[0].modifierExtension[0]"
        ),
        ["implicitRules"] = (
            e => e["implicitRules"] = "https://x.example",
            "implicit-rules-unknown",
            "Encounter.implicitRules"
        ),
        ["end before start"] = (
            e => e["period"]!["end"] = "2026-11-20T10:14:59+00:00",
            "period-end-before-start",
            "Encounter.period.end"
        ),
        ["no time zone"] = (
            e => e["period"]!["start"] = "2026-11-20T10:15:00",
            "date-time-without-zone",
            "Encounter.period.start"
        ),
        ["25 o'clock"] = (
            e => e["period"]!["start"] = "2026-11-20T25:15:00Z",
            "date-time-invalid",
            "Encounter.period.start"
        ),
        ["started next week"] = (
            e => e["period"]!["start"] = "2026-11-30T10:15:00Z",
            "encounter-in-future",
            "Encounter.period.start"
        ),
        ["planned in ten years"] = (
            e =>
            {
                e["status"] = "planned";
                e["period"]!["start"] = "2036-11-30T10:15:00Z";
            },
            "encounter-in-future",
            "Encounter.period.start"
        ),
        ["in 1899"] = (e => e["period"]!["start"] = "1899-11-30", "encounter-too-early", "Encounter.period.start"),
        ["NUL in a name"] = (
            e => Patient(e)["name"]![0]!["family"] = "Wyn\0field",
            "text-not-allowed",
            "Encounter.contained[0].name[0].family"
        ),
        ["bidirectional override"] = (
            e => Patient(e)["name"]![0]!["given"]![1] = "Lin\u202E",
            "text-not-allowed",
            "Encounter.contained[0].name[0].given[1]"
        ),
        ["a flood of marks"] = (
            e => Patient(e)["name"]![0]!["family"] = "W" + new string('\u0301', 50),
            "text-not-allowed",
            "Encounter.contained[0].name[0].family"
        ),
        ["a name of 1,000 letters"] = (
            e => Patient(e)["name"]![0]!["family"] = new string('w', 1000),
            "text-too-long",
            "Encounter.contained[0].name[0].family"
        ),
        ["nobody at all"] = (
            e =>
            {
                Nobody(e);
                Patient(e).Remove("identifier");
            },
            "patient-unidentified",
            "Encounter.contained[0]"
        ),
    };

    /// <summary>Times that FHIR does not allow, though a clock might.</summary>
    private static readonly (string Text, string Code)[] Times =
    [
        ("2026-11-20T10:15+00:00", "date-time-without-seconds"),
        ("2026-11-20T10:15Z", "date-time-without-seconds"),
        ("2026-11-20T10:15", "date-time-without-seconds"),
        ("2026-11-20T10:15:00", "date-time-without-zone"),
        ("2026-11-20T10:15:00.123", "date-time-without-zone"),
        ("2026-11-20T10:15:00+0000", "date-time-invalid"),
        ("2026-11-20T10:15:00+00", "date-time-invalid"),
        ("2026-11-20T10:15:00-15:00", "date-time-invalid"),
        ("2026-11-20T10:15:00+14:30", "date-time-invalid"),
        ("2026-11-20T10:15:00z", "date-time-invalid"),
        ("2026-11-20t10:15:00Z", "date-time-invalid"),
        ("2026-11-20 10:15:00Z", "date-time-invalid"),
        ("2026-11-20T10:15:00 Z", "date-time-invalid"),
        ("2026-11-20T10:15:00.Z", "date-time-invalid"),
        ("2026-11-20T10:15:00,5Z", "date-time-invalid"),
        ("2026-11-20T24:00:00Z", "date-time-invalid"),
        ("2026-11-20T10:15:61Z", "date-time-invalid"),
        ("2026-11-31T10:15:00Z", "date-time-invalid"),
        ("2026-11-20T10:15:00Z\n", "date-time-invalid"),
        (" 2026-11-20T10:15:00Z", "date-time-invalid"),
        ("2026-11-20T10:15:00Z[Europe/London]", "date-time-invalid"),
        ("20261120T101500Z", "date-time-invalid"),
        ("20261120", "date-time-invalid"),
        ("20/11/2026", "date-time-invalid"),
        ("2026-11-20T10", "date-time-invalid"),
        ("2026-11-20T", "date-time-invalid"),
        ("2026-11-20Z", "date-time-invalid"),
        ("2026-1-20", "date-time-invalid"),
        ("２０２６-11-20T10:15:00Z", "date-time-invalid"),
    ];

    [Fact]
    public void A_time_that_FHIR_does_not_allow_is_refused()
    {
        foreach (var (text, code) in Times)
            Assert.Equal((text, code, "Encounter.period.start"), Refused(text));

        static (string, string, string?) Refused(string text)
        {
            var (code, path) = Reading.Refusal(e => e["period"]!["start"] = text);
            return (text, code, path);
        }
    }

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_says_what_and_where(string name)
    {
        var (change, code, path) = Cases[name];
        Assert.Equal((code, path), Reading.Refusal(change));
    }

    [Theory]
    [InlineData("", "body-empty")]
    [InlineData("{", "json-malformed")]
    [InlineData("[]", "resource-type-missing")]
    [InlineData("7", "resource-type-missing")]
    [InlineData("""{"resourceType":"Encounter","status":"arrived","status":"finished"}""", "duplicate-key")]
    [InlineData("""{"resourceType":"Encounter","participant":[{"id":"a","\u0069d":"b"}]}""", "duplicate-key")]
    [InlineData("""{"resourceType":"Encounter","resourceType":"Patient"}""", "duplicate-key")]
    [InlineData("""{"resourceType":"Encounter","id":"\ud800"}""", "text-not-unicode")]
    [InlineData("""{"resourceType":"Encounter","identifier":[[{}]]}""", "element-type-wrong")]
    public void What_is_not_a_document_is_refused_as_such(string json, string code) =>
        Assert.Equal([code], Reading.OfJson(json).Codes);

    [Theory]
    [InlineData("<Encounter/>", "xml-namespace")]
    [InlineData("<Encounter xmlns='http://hl7.org/fhir'>", "xml-malformed")]
    [InlineData("<Encounter xmlns='http://hl7.org/fhir'>words</Encounter>", "xml-malformed")]
    [InlineData(
        "<!DOCTYPE Encounter [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><Encounter xmlns='http://hl7.org/fhir'><id "
            + "value='&a;'/></Encounter>",
        "xml-dtd"
    )]
    [InlineData("<Encounter xmlns='http://hl7.org/fhir'><id value='&#0;'/></Encounter>", "xml-malformed")]
    public void Nor_is_other_xml_read(string xml, string code) => Assert.Equal([code], Reading.OfXml(xml).Codes);

    [Fact]
    public void It_names_every_fault_at_once_and_at_most_twenty()
    {
        var encounter = Samples.Encounter();
        encounter["status"] = "completed";
        encounter["period"]!["start"] = "yesterday";
        Patient(encounter)["birthDate"] = "2030-01-01";
        Assert.Equal(["code-unknown", "date-time-invalid", "birth-date-in-future"], Reading.Of(encounter).Codes);

        for (var i = 0; i < 100; i++)
            encounter["wrong" + (char)('a' + (i % 26)) + (char)('a' + (i / 26))] = 1;
        Assert.Equal(20, Reading.Of(encounter).Codes.Count);
    }
}
