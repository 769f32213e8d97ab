using System.Text.Json.Nodes;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>Nothing that decides who or where is dropped without a word.</summary>
public sealed class Who_and_where
{
    private const string Number = "9007001000";

    private static JsonObject Patient(JsonNode encounter) => encounter["contained"]![0]!.AsObject();

    [Theory]
    [InlineData("https://fhir.nhs.uk/Id/nhs-number")]
    [InlineData("https://fhir.nhs.uk/id/nhs-number")]
    [InlineData("https://fhir.nhs.uk/Id/NHS-Number")]
    [InlineData("https://fhir.nhs.uk/Id/nhs-number/")]
    [InlineData("http://fhir.nhs.uk/Id/nhs-number")]
    [InlineData("HTTPS://FHIR.NHS.UK/Id/nhs-number")]
    [InlineData(" https://fhir.nhs.uk/Id/nhs-number ")]
    [InlineData("fhir.nhs.uk/Id/nhs-number")]
    [InlineData("https://www.fhir.nhs.uk/Id/nhs-number")]
    [InlineData("http://fhir.nhs.net/Id/nhs-number")]
    [InlineData("https://fhir.nhs.uk/Id/nhsnumber")]
    [InlineData("urn:https://fhir.nhs.uk/Id/nhs-number")]
    [InlineData("urn:oid:2.16.840.1.113883.2.1.4.1")]
    [InlineData("URN:OID:2.16.840.1.113883.2.1.4.1")]
    [InlineData("2.16.840.1.113883.2.1.4.1")]
    [InlineData("urn:nhs-uk:identity:nhsno")]
    [InlineData("https://trust.example/Id/nhs-number")]
    [InlineData("urn:nhs-number")]
    [InlineData("NHSNBR")]
    [InlineData(null, "NH")]
    [InlineData("urn:id:NHS", "NH")]
    public void An_NHS_number_is_taken_under_any_spelling_of_its_system(string? system, string? type = null)
    {
        var (submission, codes, _) = WithNumber(system, type, Number);
        Assert.Equal(Number, submission!.Patient.Identifier.NhsNumber?.Reveal());
        Assert.Empty(codes);
    }

    [Theory]
    [InlineData("https://trust.example/Id/mrn")]
    [InlineData(null)]
    [InlineData(null, "MR")]
    [InlineData("https://insurer.example/Id/member", "NH")]
    [InlineData("urn:oid:2.16.840.1.113883.2.1.3.2.4.18.23")]
    [InlineData("https://fhir.nhs.uk/Id/nhs-number-old")]
    [InlineData("urn:id:NHS")]
    public void And_what_may_be_one_is_passed_over_with_a_warning(string? system, string? type = null)
    {
        var (submission, codes, _) = WithNumber(system, type, Number);
        Assert.IsType<PersonIdentifier.Unknown>(submission!.Patient.Identifier);
        Assert.Equal(["nhs-number-system-unknown"], codes);
    }

    [Theory]
    [InlineData("England", "01", NhsNumberStatus.Verified)]
    [InlineData("England", "02", NhsNumberStatus.NotTraced)]
    [InlineData("England", "03", NhsNumberStatus.TraceRequired)]
    [InlineData("England", "04", NhsNumberStatus.NoMatch)]
    [InlineData("England", "05", NhsNumberStatus.Conflict)]
    [InlineData("England", "06", NhsNumberStatus.TraceInProgress)]
    [InlineData("England", "07", NhsNumberStatus.NotPresent)]
    [InlineData("England", "08", NhsNumberStatus.TracePostponed)]
    [InlineData("", "number-present-and-verified", NhsNumberStatus.Verified)]
    [InlineData("", "number-present-but-not-traced", NhsNumberStatus.NotTraced)]
    [InlineData("", "trace-required", NhsNumberStatus.TraceRequired)]
    [InlineData("", "trace-attempted", NhsNumberStatus.NoMatch)]
    [InlineData("", "trace-needs-to-be-resolved", NhsNumberStatus.Conflict)]
    [InlineData("", "trace-in-progress", NhsNumberStatus.TraceInProgress)]
    [InlineData("", "number-not-present-and-trace-not-required", NhsNumberStatus.NotPresent)]
    [InlineData("", "trace-postponed", NhsNumberStatus.TracePostponed)]
    [InlineData("Wales", "01", NhsNumberStatus.Verified)]
    [InlineData("", "01", NhsNumberStatus.Verified)]
    [InlineData(null, "04", NhsNumberStatus.NoMatch)]
    [InlineData("England", "09", null)]
    [InlineData("England", "1", null)]
    [InlineData("England", null, null)]
    [InlineData("Wales", "nn", null)]
    [InlineData("OfSomethingElse", "01", null, "https://trust.example/CodeSystem/status")]
    public void The_status_of_the_number_is_read_and_a_code_that_is_none_is_said(
        string? country,
        string? code,
        NhsNumberStatus? status,
        string system = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus"
    )
    {
        var encounter = Samples.Encounter();
        NumberOf(encounter)["extension"] = Statuses((country is null ? null : system + country, code));

        var (submission, _, issues) = Reading.Of(encounter);

        Assert.Equal(status, submission!.Patient.NumberStatus);
        Assert.NotNull(submission.Patient.Identifier.NhsNumber);
        Assert.Equal(
            status is null ? ["nhs-number-status-unknown"] : [],
            issues.Where(issue => issue.Kind != IssueKind.Fine).Select(issue => issue.Kind.Code)
        );
        Assert.All(issues.Where(issue => issue.Kind == IssueKind.NhsNumberStatusUnknown), issue =>
            Assert.StartsWith("Encounter.contained[0].identifier[0].extension[0]", issue.Path, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_status_is_that_of_the_number_that_is_used_alone()
    {
        var england = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";
        var encounter = Samples.Encounter();
        NumberOf(encounter).AsObject().Remove("extension");
        var former = NumberOf(encounter).DeepClone();
        (former["use"], former["extension"]) = ("old", Statuses((england, "01")));
        Patient(encounter)["identifier"]!.AsArray().Add(former);
        Assert.Null(Reading.Of(encounter).Submission!.Patient.NumberStatus);

        NumberOf(encounter)["extension"] = Statuses(("https://trust.example/CodeSystem/status", "T"), (england, "02"));
        Assert.Equal(NhsNumberStatus.NotTraced, Reading.Of(encounter).Submission!.Patient.NumberStatus);

        former["use"] = "usual";
        var (submission, codes, _) = Reading.Of(encounter);
        Assert.Null(submission!.Patient.NumberStatus);
        Assert.Equal(["nhs-number-status-unknown"], codes);

        var alone = Samples.Encounter();
        NumberOf(alone)["extension"] = Statuses((england, "04"));
        alone["subject"] = new JsonObject { ["identifier"] = NumberOf(alone).DeepClone() };
        alone.AsObject().Remove("contained");
        Assert.Equal(NhsNumberStatus.NoMatch, Reading.Of(alone).Submission!.Patient.NumberStatus);
    }

    private static JsonNode NumberOf(JsonNode encounter) => Patient(encounter)["identifier"]![0]!;

    private static JsonArray Statuses(params (string? System, string? Code)[] codings)
    {
        var coding = new JsonArray();
        foreach (var (system, code) in codings)
        {
            var one = new JsonObject();
            if (system is not null)
                one["system"] = system;
            if (code is not null)
                one["code"] = code;
            coding.Add(one);
        }

        return
        [
            new JsonObject
            {
                ["url"] = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
                ["valueCodeableConcept"] = new JsonObject { ["coding"] = coding },
            },
        ];
    }

    [Fact]
    public void A_local_number_beside_an_NHS_number_is_no_rival()
    {
        foreach (var system in new[] { "https://trust.example/Id/mrn", "https://trust.example/Id/nhs-number" })
        {
            var encounter = Samples.Encounter();
            Patient(encounter)["identifier"]!
                .AsArray()
                .Insert(0, new JsonObject { ["system"] = system, ["value"] = Number });
            var (submission, codes, _) = Reading.Of(encounter);
            Assert.NotEqual(Number, submission!.Patient.Identifier.NhsNumber!.Value.Reveal());
            Assert.Equal(system.EndsWith("mrn", StringComparison.Ordinal) ? [] : ["nhs-number-passed-over"], codes);
        }
    }

    [Theory]
    [InlineData("9434765918")]
    [InlineData("943476591")]
    [InlineData("94347659190")]
    [InlineData("0000000000")]
    [InlineData("unknown")]
    [InlineData("NHS 9434765919")]
    [InlineData("9434765919^^^NHS^NH")]
    [InlineData("943476591O")]
    [InlineData("９４３４７６５９１９")]
    [InlineData("")]
    public void An_invalid_number_does_not_lose_a_child_whom_anything_else_identifies(string value)
    {
        foreach (var left in new[] { "name", "birthDate", "address", "mother" })
        {
            var (submission, codes, _) = Reading.Of(Only(left, value));
            Assert.IsType<PersonIdentifier.Unknown>(submission!.Patient.Identifier);
            Assert.Contains("nhs-number-passed-over", codes);
        }

        var refused = Reading.Of(Only("nothing", value));
        Assert.Null(refused.Submission);
        var (kind, path) = Assert.Single(
            refused.Issues.Where(issue => issue.IsError).Select(issue => (issue.Kind.Code, issue.Path))
        );
        Assert.Equal(value.Length == 0 ? "nhs-number-empty" : "nhs-number-invalid", kind);
        Assert.StartsWith("Encounter.contained[0].identifier[0]", path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("900 700 1000")]
    [InlineData("900-700-1000")]
    [InlineData(" 9007001000 ")]
    [InlineData("900\u00A0700\u00A01000")]
    [InlineData("900\u2009700\u20091000")]
    [InlineData("9007 001 000")]
    [InlineData("900\u2011700\u20111000")]
    public void A_number_is_read_as_people_space_it(string value) =>
        Assert.Equal(
            Number,
            WithNumber(Contracts.NhsNumber.FhirSystem, null, value)
                .Submission!.Patient.Identifier.NhsNumber!.Value.Reveal()
        );

    [Theory]
    [InlineData("9434765918", null)]
    [InlineData(null, "Patient/elsewhere")]
    [InlineData("9434765918", "Patient/elsewhere")]
    public void An_identifier_alone_that_is_not_valid_is_refused(string? value, string? reference)
    {
        var encounter = Samples.Encounter();
        encounter.AsObject().Remove("contained");
        var subject = new JsonObject();
        if (reference is not null)
            subject["reference"] = reference;
        if (value is not null)
            subject["identifier"] = new JsonObject { ["system"] = Contracts.NhsNumber.FhirSystem, ["value"] = value };
        encounter["subject"] = subject;
        var error = Assert.Single(Reading.Of(encounter).Issues, issue => issue.IsError);
        Assert.Equal(value is null ? "subject-unresolved" : "nhs-number-invalid", error.Kind.Code);
    }

    /// <summary>What says where, and the site that is meant; the organisation is RZZ.</summary>
    private static readonly Dictionary<string, (Action<JsonNode> Change, string? Site, string[] Codes)> Places = new()
    {
        ["a site code"] = (e => At(e, Site("RZZ01")), "RZZ01", []),
        ["a site code in small letters under another spelling"] = (
            e => At(e, Identified("https://fhir.nhs.uk/id/ods-site-code/", "rzz01")),
            "RZZ01",
            []
        ),
        ["a site code by its OID"] = (
            e => At(e, Identified("urn:oid:2.16.840.1.113883.2.1.3.2.4.19.2", "RZZ01")),
            "RZZ01",
            []
        ),
        ["a site code under the organisation system"] = (e => At(e, Organisation("RZZ01")), "RZZ01", []),
        ["a site code after one that is none"] = (e => At(e, Site("?"), Site("RZZ01")), "RZZ01", ["ods-code-invalid"]),
        ["a ward's code alone"] = (e => At(e, Identified("https://trust.example/wards", "ED")), null, ["site-unknown"]),
        ["a location that is not there"] = (
            e => e["location"] = Locations(new JsonObject { ["reference"] = "Location/1" }),
            null,
            ["reference-unresolved", "site-unknown"]
        ),
        ["a ward of a site"] = (
            e => Contained(e, "Location", "ward", ward => ward["partOf"] = Site("RZZ01")),
            "RZZ01",
            []
        ),
        ["a ward managed by a site"] = (
            e => Contained(e, "Location", "ward", ward => ward["managingOrganization"] = Site("RZZ01")),
            "RZZ01",
            []
        ),
        ["a ward managed by a site under the organisation system"] = (
            e => Contained(e, "Location", "ward", ward => ward["managingOrganization"] = Organisation("RZZ01")),
            "RZZ01",
            []
        ),
        ["a ward managed by the trust"] = (
            e => Contained(e, "Location", "ward", ward => ward["managingOrganization"] = Organisation("RZZ")),
            null,
            ["site-unknown"]
        ),
        ["a ward that is part of itself"] = (
            e => Contained(e, "Location", "ward", ward => ward["partOf"] = new JsonObject { ["reference"] = "#ward" }),
            null,
            ["site-unknown"]
        ),
        ["serviceProvider by site code"] = (e => e["serviceProvider"] = Site("RZZ01"), "RZZ01", []),
        ["serviceProvider by site code under the organisation system"] = (
            e => e["serviceProvider"] = Organisation("RZZ01"),
            "RZZ01",
            []
        ),
        ["serviceProvider by condition"] = (
            e =>
                e["serviceProvider"] = new JsonObject
                {
                    ["reference"] = "Organization?identifier=https://fhir.nhs.uk/Id/ods-site-code|RZZ01",
                },
            "RZZ01",
            []
        ),
        ["serviceProvider is the trust"] = (e => e["serviceProvider"] = Organisation("RZZ"), null, []),
        ["serviceProvider is another trust"] = (
            e => e["serviceProvider"] = Organisation("RYY"),
            null,
            ["organisation-differs"]
        ),
        ["serviceProvider is a site of another trust"] = (
            e => e["serviceProvider"] = Organisation("RYY01"),
            null,
            ["organisation-differs"]
        ),
        ["location before serviceProvider"] = (
            e =>
            {
                At(e, Site("RZZ01"));
                e["serviceProvider"] = Site("RZZ02");
            },
            "RZZ01",
            []
        ),
        ["where the patient is, not was"] = (
            e => At(e, Site("RZZ02"), "completed", null, null, Site("RZZ01"), "active", null, null),
            "RZZ01",
            []
        ),
        ["where the patient is, not will be"] = (
            e => At(e, Site("RZZ02"), "planned", null, null, Site("RZZ01"), "active", null, null),
            "RZZ01",
            []
        ),
        ["where the patient was, not will be"] = (
            e => At(e, Site("RZZ02"), "planned", null, null, Site("RZZ01"), "completed", null, null),
            "RZZ01",
            []
        ),
        ["reserved is not where the patient is"] = (
            e => At(e, Site("RZZ02"), "reserved", null, null, Site("RZZ01"), null, null, null),
            "RZZ01",
            []
        ),
        ["of a planned encounter where it will be"] = (
            e =>
            {
                e["status"] = "planned";
                At(e, Site("RZZ02"), "completed", null, null, Site("RZZ01"), "planned", null, null);
            },
            "RZZ01",
            []
        ),
        ["an ended period without a status"] = (
            e => At(e, Site("RZZ02"), null, "05:00", "05:30", Site("RZZ01"), null, "05:30", null),
            "RZZ01",
            []
        ),
        ["an ended period that is still called active"] = (
            e => At(e, Site("RZZ02"), "active", "05:00", "05:30", Site("RZZ01"), null, "05:30", null),
            "RZZ01",
            []
        ),
        ["the later of two that have ended"] = (
            e => At(e, Site("RZZ02"), null, "05:00", "05:30", Site("RZZ01"), null, "05:30", "06:00"),
            "RZZ01",
            []
        ),
        ["one that has yet to begin"] = (
            e => At(e, Site("RZZ02"), null, "23:00", null, Site("RZZ01"), null, "05:30", null),
            "RZZ01",
            []
        ),
        ["nothing"] = (_ => { }, null, []),
    };

    public static TheoryData<string> PlaceNames => [.. Places.Keys];

    [Theory]
    [MemberData(nameof(PlaceNames))]
    public void The_site_is_found_from_whatever_says_it(string name)
    {
        var (change, site, codes) = Places[name];
        var encounter = Samples.Encounter();
        encounter.AsObject().Remove("location");
        encounter.AsObject().Remove("serviceProvider");
        change(encounter);

        var (submission, found, _) = Reading.Of(encounter);
        Assert.Equal(codes, found);
        Assert.Equal(site, submission!.Particulars.SiteOds);
    }

    private static JsonObject Identified(string system, string value) =>
        new()
        {
            ["identifier"] = new JsonObject { ["system"] = system, ["value"] = value },
        };

    private static JsonObject Site(string ods) => Identified(Codes.OdsSite, ods);

    private static JsonObject Organisation(string ods) => Identified(Codes.OdsOrganisation, ods);

    private static JsonArray Locations(params JsonObject[] references) =>
        new([.. references.Select(reference => new JsonObject { ["location"] = reference })]);

    private static void At(JsonNode encounter, params JsonObject[] references) =>
        encounter["location"] = Locations(references);

    private static void At(
        JsonNode encounter,
        JsonObject first,
        string? firstStatus,
        string? firstStart,
        string? firstEnd,
        JsonObject second,
        string? secondStatus,
        string? secondStart,
        string? secondEnd
    )
    {
        encounter["location"] = new JsonArray(
            One(first, firstStatus, firstStart, firstEnd),
            One(second, secondStatus, secondStart, secondEnd)
        );

        static JsonObject One(JsonObject reference, string? status, string? start, string? end)
        {
            var location = new JsonObject { ["location"] = reference };
            if (status is not null)
                location["status"] = status;
            var period = new JsonObject();
            if (start is not null)
                period["start"] = $"2026-11-22T{start}:00Z";
            if (end is not null)
                period["end"] = $"2026-11-22T{end}:00Z";
            if (period.Count > 0)
                location["period"] = period;
            return location;
        }
    }

    private static void Contained(JsonNode encounter, string type, string id, Action<JsonObject> change)
    {
        var resource = new JsonObject { ["resourceType"] = type, ["id"] = id };
        change(resource);
        encounter["contained"]!.AsArray().Add(resource);
        encounter["location"] = Locations(new JsonObject { ["reference"] = $"#{id}" });
    }

    private static (Submission? Submission, IReadOnlyList<string> Codes, IReadOnlyList<Issue> Issues) WithNumber(
        string? system,
        string? type,
        string value
    )
    {
        var encounter = Samples.Encounter();
        var identifier = new JsonObject { ["value"] = value };
        if (system is not null)
            identifier["system"] = system;
        if (type is not null)
        {
            identifier["type"] = new JsonObject
            {
                ["coding"] = new JsonArray(
                    new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0203", ["code"] = type }
                ),
            };
        }

        Patient(encounter)["identifier"] = new JsonArray(identifier);
        return Reading.Of(encounter);
    }

    private static JsonNode Only(string left, string number)
    {
        var encounter = Samples.Encounter();
        var patient = Patient(encounter);
        foreach (var part in new[] { "name", "birthDate", "address" })
        {
            if (part != left)
                patient.Remove(part);
        }

        if (left == "mother")
        {
            patient["contact"] = new JsonArray(
                new JsonObject
                {
                    ["relationship"] = new JsonArray(
                        new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = "MTH" }) }
                    ),
                    ["name"] = new JsonObject { ["family"] = "Harfield" },
                }
            );
        }

        patient["identifier"]![0]!["value"] = number;
        return encounter;
    }
}
