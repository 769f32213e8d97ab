using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Messaging;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class Keeping_an_encounter
{
    private static JsonObject Patient(JsonNode encounter) => encounter["contained"]![0]!.AsObject();

    [Fact]
    public void XML_and_JSON_of_one_encounter_are_kept_the_same_and_as_Firely_reads_it()
    {
        var json = Samples.Encounter();
        // Firely does not take the empty code that real senders write; the reader here does.
        json["reasonCode"]![0]!.AsObject().Remove("coding");
        var poco = FhirJsonDeserializer.DEFAULT.Deserialize<Encounter>(json.ToJsonString());
        var fromJson = Reading.Of(json);
        var fromXml = Reading.OfXml(FhirXmlSerializer.Default.SerializeToString(poco));

        Assert.Equal(fromJson.Codes, fromXml.Codes);
        Assert.Equal(Text(fromJson.Submission!.Patient), Text(fromXml.Submission!.Patient));
        Assert.Equal(Text(fromJson.Submission.Particulars), Text(fromXml.Submission.Particulars));

        var patient = (Patient)poco.Contained[0];
        var traits = fromJson.Submission.Patient;
        Assert.Equal(patient.Identifier[0].Value, traits.Identifier.NhsNumber!.Value.Reveal());
        Assert.Equal(patient.BirthDate, traits.BirthDate!.Value.ToString("O", null));
        Assert.Equal(
            patient.Name.Select(name => (name.Family, string.Join(' ', name.Given))),
            traits.Names.Select(name => (name.Family, string.Join(' ', name.Given)))!
        );
        Assert.Equal(
            patient.Address.Select(address => address.PostalCode),
            traits.Postcodes.Select(postcode => postcode.Postcode)
        );
        Assert.Equal(poco.Identifier[0].Value, fromJson.Submission.Particulars.Identifier.Value);
        Assert.Equal(poco.Class.Code, fromJson.Submission.Particulars.ClassCode);

        static string Text<T>(T value) => System.Text.Json.JsonSerializer.Serialize(value, HubJson.Options);
    }

    [Fact]
    public void Errors_in_what_is_discarded_do_not_lose_the_encounter()
    {
        var kept = Reading.Accepted(e =>
        {
            e["reasonCode"] = "a text where a list belongs";
            e["participant"]![0]!["noSuchElement"] = 1;
            e["diagnosis"] = new JsonArray(new JsonObject { ["condition"] = null });
            e["text"] = new JsonObject { ["div"] = "<div onload='alert(1)'><script/></div>" };
            e["length"] = new JsonObject { ["value"] = "NaN\u202E" };
            e["meta"]!["profile"] = "not a list";
            e["class"]!["display"] = "";
            Patient(e)["communication"] = 7;
            Patient(e)["telecom"]![1]!["value"] = null;
        });

        Assert.DoesNotContain(
            "swing",
            System.Text.Json.JsonSerializer.Serialize(kept.Particulars),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_only_warns_has_no_status_of_a_refusal()
    {
        var encounter = Samples.Encounter();
        encounter.AsObject().Remove("class");
        encounter["meta"] = new JsonObject { ["lastUpdated"] = "2027-01-01T00:00:00Z" };
        encounter["period"]!["end"] = "2026-11";
        encounter["serviceProvider"] = new JsonObject
        {
            ["identifier"] = new JsonObject { ["system"] = Codes.OdsOrganisation, ["value"] = "RXX" },
        };
        encounter["location"] = new JsonArray(
            new JsonObject
            {
                ["location"] = new JsonObject
                {
                    ["identifier"] = new JsonObject { ["system"] = Codes.OdsSite, ["value"] = "?" },
                },
            }
        );
        Patient(encounter)["gender"] = "";
        Patient(encounter)["name"] = new JsonArray([
            .. Enumerable.Range(0, 11).Select(_ => new JsonObject { ["family"] = "Harfield" }),
        ]);
        Patient(encounter)["contact"] = new JsonArray(
            new JsonObject
            {
                ["relationship"] = new JsonArray(
                    new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = "MTH" }) }
                ),
                ["gender"] = "F",
            }
        );

        var (submission, codes, issues) = Reading.Of(encounter);

        Assert.NotNull(submission);
        Assert.Equal(
            [
                "class-missing",
                "date-time-partial",
                "element-empty",
                "last-updated-in-future",
                "mother-passed-over",
                "ods-code-invalid",
                "organisation-differs",
                "repeats-passed-over",
                "site-unknown",
            ],
            codes.Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(issues, issue => Assert.Equal(200, issue.Kind.Status));
    }

    [Fact]
    public void The_class_may_be_missing_and_then_the_encounter_is_unscheduled()
    {
        var kept = Reading.Accepted(e => e.AsObject().Remove("class"));
        Assert.True(Unscheduled.Decide(kept.Particulars, CareSetting.Unknown));
    }

    [Theory]
    [InlineData("unknown", typeof(PersonIdentifier.Unknown))]
    [InlineData("temp-unknown", typeof(PersonIdentifier.Unknown))]
    [InlineData("masked", typeof(PersonIdentifier.Withheld))]
    [InlineData("asked-declined", typeof(PersonIdentifier.Withheld))]
    public void Why_a_number_is_absent_is_kept(string reason, Type state)
    {
        static JsonArray Absent(string reason) =>
            new(new JsonObject { ["url"] = Codes.DataAbsentReason, ["valueCode"] = reason });

        var onIdentifier = Reading.Accepted(e =>
        {
            Patient(e)["identifier"]![0]!.AsObject().Remove("value");
            Patient(e)["identifier"]![0]!["extension"] = Absent(reason);
        });
        var onValue = Reading.Accepted(e =>
        {
            Patient(e)["identifier"]![0]!.AsObject().Remove("value");
            Patient(e)["identifier"]![0]!["_value"] = new JsonObject { ["extension"] = Absent(reason) };
        });

        Assert.IsType(state, onIdentifier.Patient.Identifier);
        Assert.IsType(state, onValue.Patient.Identifier);
    }

    [Theory]
    [InlineData("use", "\"old\"")]
    [InlineData("period", """{ "end": "2024-03-31" }""")]
    public void A_number_that_the_patient_no_longer_has_is_no_second_number(string element, string value)
    {
        var number = TestKit.Synthetic.NextNhsNumber();
        var patient = Reading
            .Accepted(e =>
            {
                var identifiers = e["contained"]![0]!["identifier"]!.AsArray();
                identifiers[0]!["value"] = number.Reveal();
                var former = identifiers[0]!.DeepClone();
                former["value"] = TestKit.Synthetic.NextNhsNumber().Reveal();
                former[element] = JsonNode.Parse(value);
                identifiers.Insert(0, former);
            })
            .Patient;

        Assert.Equal(new PersonIdentifier.Known(number), patient.Identifier);
    }

    [Fact]
    public void A_patient_may_be_an_identifier_alone()
    {
        var number = TestKit.Synthetic.NextNhsNumber();
        var kept = Reading.Accepted(e =>
        {
            e.AsObject().Remove("contained");
            e["subject"] = new JsonObject
            {
                ["identifier"] = new JsonObject
                {
                    ["system"] = "https://fhir.nhs.uk/Id/nhs-number",
                    ["value"] = number.Reveal(),
                },
            };
        });

        Assert.Equal(number, kept.Patient.Identifier.NhsNumber);
    }

    [Fact]
    public void A_restricted_patient_with_names_in_many_scripts_is_taken()
    {
        var kept = Reading.Accepted(e =>
        {
            Patient(e)["meta"] = new JsonObject { ["security"] = new JsonArray(new JsonObject { ["code"] = "R" }) };
            Patient(e)["name"]![0]!["family"] = "Nguyễn-O’Brien محمد Łuczak";
            Patient(e)["name"]![0]!["given"]![0] = "Zoë";
        });
        Assert.Equal("Nguyễn-O’Brien محمد Łuczak", kept.Patient.Names[0].Family);
    }

    [Fact]
    public void The_mother_is_kept_from_a_contact_and_a_slip_in_her_record_costs_nothing()
    {
        static JsonArray Mother() =>
            new(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = "MTH" }) });

        var contact = Reading.Accepted(e =>
            Patient(e)["contact"] = new JsonArray(
                new JsonObject
                {
                    ["relationship"] = Mother(),
                    ["name"] = new JsonObject { ["family"] = "Harfield" },
                }
            )
        );
        var related = Reading.Accepted(e =>
            e["contained"]!
                .AsArray()
                .Add(
                    new JsonObject
                    {
                        ["resourceType"] = "RelatedPerson",
                        ["id"] = "m",
                        ["patient"] = new JsonObject { ["reference"] = "#child" },
                        ["relationship"] = Mother(),
                        ["name"] = new JsonArray(new JsonObject { ["family"] = "Harfield" }),
                        ["birthDate"] = "1990-05-01",
                        ["identifier"] = new JsonArray(
                            new JsonObject
                            {
                                ["system"] = "https://fhir.nhs.uk/Id/nhs-number",
                                ["value"] = "9434765918",
                            }
                        ),
                    }
                )
        );

        Assert.Equal("Harfield", contact.Patient.Mother!.Names[0].Family);
        Assert.Equal(
            (new DateOnly(1990, 5, 1), true),
            (related.Patient.Mother!.BirthDate!.Value, related.Patient.Mother.Identifier is PersonIdentifier.Unknown)
        );
    }

    [Theory]
    [InlineData("2026-03-29T00:59:59+00:00", "2026-03-29T00:59:59Z")]
    [InlineData("2026-10-25T01:30:00+01:00", "2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T01:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("2026-07-01", "2026-06-30T23:00:00Z")]
    [InlineData("2024-02-29T12:00:00.123456789Z", "2024-02-29T12:00:00.1234567Z")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z")]
    public void Times_are_moments_and_a_bare_day_begins_in_England(string text, string utc) =>
        Assert.Equal(
            DateTimeOffset.Parse(utc, null),
            Reading.Accepted(e => e["period"]!["start"] = text).Particulars.StartedAt
        );

    [Fact]
    public void A_clock_that_runs_ahead_does_not_shut_later_versions_out() =>
        Assert.Null(Reading.Accepted(e => e["meta"]!["lastUpdated"] = "2099-01-01T00:00:00Z").LastUpdated);

    [Theory]
    [InlineData("finished", "1066301000000103", EncounterStatus.LeftBeforeSeen)]
    [InlineData("cancelled", "1066311000000101", EncounterStatus.LeftBeforeSeen)]
    [InlineData("finished", "19", EncounterStatus.Finished)]
    [InlineData("in-progress", "1066301000000103", EncounterStatus.InProgress)]
    [InlineData("entered-in-error", "19", EncounterStatus.EnteredInError)]
    public void Who_left_before_being_seen_is_distinguished_from_who_was_treated(
        string status,
        string disposition,
        EncounterStatus expected
    ) =>
        Assert.Equal(
            expected,
            Reading
                .Accepted(e =>
                {
                    e["status"] = status;
                    e["hospitalization"] = new JsonObject
                    {
                        ["dischargeDisposition"] = new JsonObject
                        {
                            ["coding"] = new JsonArray(new JsonObject { ["code"] = disposition }),
                        },
                    };
                })
                .Particulars.Status
        );
}
