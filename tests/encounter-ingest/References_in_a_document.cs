using System.Text.Json.Nodes;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>One rule for every element that refers, by R4's "Resolving references in Bundles".</summary>
public sealed class References_in_a_document
{
    private const string Local = "https://trust.example/Id/local";
    private const string Nhs = "https://fhir.nhs.uk/Id/nhs-number";
    private const string NumberA = "9007001000";
    private const string NumberB = "9007001019";
    private const string UrnA = "urn:uuid:2f0c3a52-5a0c-4ad0-8d38-7b1f5a3f000a";

    /// <summary>
    /// An element that refers: the type it refers to, what a Bundle around it looks like, and the code where
    /// it leads nowhere.
    /// </summary>
    private sealed record Element(
        string Target,
        Action<JsonArray, string, string> Add,
        Func<Submission, string?> Seen,
        string Nowhere
    );

    private static readonly Dictionary<string, Element> Elements = new()
    {
        ["Encounter.subject"] = new(
            "Patient",
            (entries, owner, reference) => Put(entries, owner, "Encounter", Encounter(reference)),
            Child,
            "subject-unresolved"
        ),
        ["Patient.link.other"] = new(
            "Patient",
            (entries, owner, reference) =>
            {
                Put(entries, "urn:uuid:e", "Encounter", Encounter(owner));
                var replaced = Patient("9007001035", "old");
                replaced["link"] = new JsonArray(
                    new JsonObject { ["other"] = Reference(reference), ["type"] = "replaced-by" }
                );
                Put(entries, owner, "Patient", replaced);
            },
            Child,
            "merge-not-followed"
        ),
        ["Flag.subject"] = new(
            "Patient",
            (entries, owner, reference) =>
            {
                WithNobodysEncounters(entries);
                Put(entries, owner, "Flag", Flag(reference));
            },
            one => one.Concerns().Count == 1 ? Child(one) : null,
            "concern-passed-over"
        ),
        ["RelatedPerson.patient"] = new(
            "Patient",
            (entries, owner, reference) =>
            {
                WithNobodysEncounters(entries);
                Put(entries, owner, "RelatedPerson", Mother(reference));
            },
            one => one.Patient.Mother is not null ? Child(one) : null,
            "mother-passed-over"
        ),
        ["Encounter.location.location"] = new(
            "Location",
            (entries, owner, reference) =>
                Put(entries, owner, "Encounter", At(e => e["location"] = Locations(Reference(reference)))),
            Site,
            "reference-unresolved"
        ),
        ["Location.partOf"] = new(
            "Location",
            (entries, owner, reference) =>
            {
                Put(entries, "urn:uuid:e", "Encounter", At(e => e["location"] = Locations(Reference(owner))));
                Put(entries, owner, "Location", new JsonObject { ["partOf"] = Reference(reference) });
            },
            Site,
            "reference-unresolved"
        ),
        ["Location.managingOrganization"] = new(
            "Organization",
            (entries, owner, reference) =>
            {
                Put(entries, "urn:uuid:e", "Encounter", At(e => e["location"] = Locations(Reference(owner))));
                Put(entries, owner, "Location", new JsonObject { ["managingOrganization"] = Reference(reference) });
            },
            Site,
            "reference-unresolved"
        ),
        ["Encounter.serviceProvider"] = new(
            "Organization",
            (entries, owner, reference) =>
                Put(entries, owner, "Encounter", At(e => e["serviceProvider"] = Reference(reference))),
            Site,
            "reference-unresolved"
        ),
        ["Organization.partOf"] = new(
            "Organization",
            (entries, owner, reference) =>
            {
                Put(entries, "urn:uuid:e", "Encounter", At(e => e["serviceProvider"] = Reference(owner)));
                Put(entries, owner, "Organization", new JsonObject { ["partOf"] = Reference(reference) });
            },
            Site,
            "reference-unresolved"
        ),
        ["MessageHeader.focus"] = new(
            "Encounter",
            (entries, owner, reference) =>
            {
                entries.Insert(
                    0,
                    Entry(owner, "MessageHeader", new JsonObject { ["focus"] = new JsonArray(Reference(reference)) })
                );
                WithNobodysEncounters(entries);
            },
            Child,
            "reference-unresolved"
        ),
    };

    /// <summary>
    /// How it refers; at whose server the owner stands; which targets there are; what it then leads to (""
    /// nowhere, "?" to more than one).
    /// </summary>
    private static readonly (string Reference, string Owner, string Targets, string LeadsTo)[] Forms =
    [
        ("T/1", "https://a.example/fhir/O/9", "a", "A"),
        ("T/1", "https://a.example/fhir/O/9", "ba", "A"),
        ("T/1", "https://b.example/fhir/O/9", "ab", "B"),
        ("T/1", "https://a.example/fhir/O/9", "b", ""),
        ("T/1", "https://a.example/fhir/O/9", "", ""),
        ("T/1", "https://a.example/fhir/O/9", "u", ""),
        ("T/1", "https://a.example/other/O/9", "a", ""),
        ("T/1", "urn:uuid:0", "a", "A"),
        ("T/1", "urn:uuid:0", "u", "A"),
        ("T/1", "urn:uuid:0", "ba", "?"),
        ("T/1", "urn:uuid:0", "bu", "?"),
        ("T/1", "urn:uuid:0", "", ""),
        ("T/2", "urn:uuid:0", "ab", ""),
        ("https://a.example/fhir/T/1", "https://b.example/fhir/O/9", "ba", "A"),
        ("https://a.example/fhir/T/1", "urn:uuid:0", "ab", "A"),
        ("https://a.example/fhir/T/1", "https://a.example/fhir/O/9", "b", ""),
        ("https://c.example/fhir/T/1", "urn:uuid:0", "ab", ""),
        ("T/1/_history/2", "https://a.example/fhir/O/9", "a", "A"),
        ("T/1/_history/2", "https://a.example/fhir/O/9", "ba", "A"),
        ("T/1/_history/2", "urn:uuid:0", "a", "A"),
        ("T/1/_history/3", "https://a.example/fhir/O/9", "a", ""),
        ("T/1/_history/3", "urn:uuid:0", "ab", ""),
        ("https://a.example/fhir/T/1/_history/2", "https://b.example/fhir/O/9", "ab", "A"),
        ("https://a.example/fhir/T/1/_history/1", "https://a.example/fhir/O/9", "ab", ""),
        (UrnA, "https://a.example/fhir/O/9", "bu", "A"),
        (UrnA.ToUpperInvariant().Replace("URN:UUID", "urn:uuid", StringComparison.Ordinal), "urn:uuid:0", "bu", "A"),
        (UrnA, "urn:uuid:0", "ab", ""),
        ("T?identifier=" + Local + "|A", "urn:uuid:0", "ab", "A"),
        ("T?identifier=" + Local + "%7CA", "https://b.example/fhir/O/9", "a", "A"),
        ("T?identifier=" + Local + "|A", "urn:uuid:0", "b", "c"),
        ("T?identifier=" + Local + "|A", "urn:uuid:0", "", "c"),
        ("T?identifier=" + Local + "|A", "urn:uuid:0", "au", "?"),
        ("T?name=A", "urn:uuid:0", "a", "c"),
    ];

    public static TheoryData<string> Names => [.. Elements.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_element_refers_by_the_same_rule(string name)
    {
        var element = Elements[name];
        foreach (var (form, ownerUrl, targets, expected) in Forms)
        {
            var reference = form.Replace("T/", element.Target + "/", StringComparison.Ordinal)
                .Replace("T?", element.Target + "?", StringComparison.Ordinal);
            var owner = ownerUrl.Replace("/O/", $"/{OwnerType(name)}/", StringComparison.Ordinal);
            var bundle = Bundle(name == "MessageHeader.focus" ? "message" : "transaction");
            var entries = bundle["entry"]!.AsArray();
            foreach (var target in targets)
            {
                Put(
                    entries,
                    UrlOf(target, element.Target),
                    element.Target,
                    Target(element.Target, target is 'b' ? "B" : "A")
                );
            }

            element.Add(entries, owner, reference);

            var (submissions, codes, issues) = Reading.OfBundle(bundle);
            var seen = submissions.Select(element.Seen).OfType<string>().ToList();
            var said =
                $"{name}: {reference} of {owner} with {targets}: {string.Join(", ", codes)}; seen {string.Join(", ", seen)}";
            if (expected is "A" or "B")
            {
                Assert.True(seen is [var one] && one == expected, said);
            }
            else
            {
                var code = expected switch
                {
                    "?" => "reference-ambiguous",
                    "c" when element.Nowhere is "subject-unresolved" or "reference-unresolved" =>
                        "reference-conditional",
                    _ => element.Nowhere,
                };
                Assert.True(seen.Count == 0 && codes.Contains(code), said);
                Assert.DoesNotContain(issues, issue =>
                    issue.Path?.Contains("example", StringComparison.Ordinal) == true
                );
            }
        }
    }

    [Fact]
    public void A_contained_resource_refers_as_the_one_that_contains_it()
    {
        var kept = Reading.Accepted(e =>
        {
            e["location"] = Locations(Reference("#ward"));
            e.AsObject().Remove("serviceProvider");
            var contained = e["contained"]!.AsArray();
            contained.Add(
                new JsonObject
                {
                    ["resourceType"] = "Location",
                    ["id"] = "ward",
                    ["partOf"] = Reference("#floor"),
                }
            );
            contained.Add(
                new JsonObject
                {
                    ["resourceType"] = "Location",
                    ["id"] = "floor",
                    ["managingOrganization"] = Reference("#site"),
                }
            );
            contained.Add(
                new JsonObject
                {
                    ["resourceType"] = "Organization",
                    ["id"] = "site",
                    ["identifier"] = SiteCode("RZZ0C"),
                }
            );
            contained.Add(
                With(Flag("#child"), flag => (flag["resourceType"], flag["encounter"]) = ("Flag", Reference("#")))
            );
        });

        Assert.Equal(("RZZ0C", 1), (kept.Particulars.SiteOds, kept.Particulars.Concerns.Count));
    }

    [Fact]
    public void A_resource_of_a_contained_id_without_its_hash_is_reported()
    {
        Assert.Equal(
            ("reference-without-hash", "Encounter.subject.reference"),
            Reading.Refusal(e => e["subject"]!["reference"] = "Patient/child")
        );
        Assert.Equal(
            ("reference-without-hash", "Encounter.subject.reference"),
            Reading.Refusal(e => e["subject"]!["reference"] = "child")
        );
    }

    [Fact]
    public void Of_two_versions_of_one_patient_the_later_is_meant_unless_one_is_named()
    {
        foreach (
            var (reference, expected) in new[]
            {
                ("Patient/1", "B"),
                ("Patient/1/_history/1", "A"),
                ("https://a.example/fhir/Patient/1", "B"),
            }
        )
        {
            var bundle = Bundle("transaction");
            var entries = bundle["entry"]!.AsArray();
            Put(
                entries,
                "https://a.example/fhir/Patient/1",
                "Patient",
                With(Target("Patient", "B"), p => p["meta"] = new JsonObject { ["versionId"] = "2" })
            );
            Put(
                entries,
                "https://a.example/fhir/Patient/1",
                "Patient",
                With(Target("Patient", "A"), p => p["meta"] = new JsonObject { ["versionId"] = "1" })
            );
            Put(entries, "https://a.example/fhir/Encounter/1", "Encounter", Encounter(reference));

            Assert.Equal(expected, Child(Assert.Single(Reading.OfBundle(bundle).Submissions)));
        }
    }

    [Theory]
    [InlineData("Flag", null, null, false)]
    [InlineData("Flag", "Patient/other", null, false)]
    [InlineData("Flag", null, NumberB, false)]
    [InlineData("Flag", null, NumberA, true)]
    [InlineData("Flag", "Patient/other", NumberA, true)]
    [InlineData("Flag", "Patient/1", NumberB, false)]
    [InlineData("RelatedPerson", null, null, false)]
    [InlineData("RelatedPerson", "Patient/other", null, false)]
    [InlineData("RelatedPerson", null, NumberB, false)]
    [InlineData("RelatedPerson", null, NumberA, true)]
    public void Unresolved_never_means_the_same_child(string type, string? reference, string? number, bool isMeant)
    {
        foreach (var isContained in new[] { false, true })
        {
            var subject = reference is null ? [] : Reference(reference);
            if (number is not null)
                subject["identifier"] = new JsonObject { ["system"] = Nhs, ["value"] = number };
            var resource = type == "Flag" ? Flag("") : Mother("");
            var element = type == "Flag" ? "subject" : "patient";
            resource.Remove(element);
            if (subject.Count > 0)
                resource[element] = subject;
            var bundle = Bundle("transaction");
            var entries = bundle["entry"]!.AsArray();
            Put(entries, "https://a.example/fhir/Patient/1", "Patient", Target("Patient", "A"));
            var encounter = Encounter("Patient/1");
            if (isContained)
                encounter["contained"] = new JsonArray(With(resource, one => one["resourceType"] = type));
            else
                Put(entries, $"https://a.example/fhir/{type}/2", type, resource);
            Put(entries, "https://a.example/fhir/Encounter/1", "Encounter", encounter);

            var (submissions, codes, _) = Reading.OfBundle(bundle);
            var kept = Assert.Single(submissions);
            Assert.Equal(isMeant, type == "Flag" ? kept.Concerns().Count == 1 : kept.Patient.Mother is not null);
            Assert.Equal(!isMeant, codes.Contains(type == "Flag" ? "concern-passed-over" : "mother-passed-over"));
        }
    }

    [Theory]
    [InlineData("replaced-by", "A", "")]
    [InlineData("replaces", "A", "")]
    [InlineData("seealso", "old", "")]
    [InlineData("refer", "old", "")]
    [InlineData("circle", "A", "merge-not-followed")]
    [InlineData("elsewhere", "old", "merge-not-followed")]
    [InlineData("without a number", "old number", "")]
    [InlineData("two", "", "reference-ambiguous")]
    public void A_merged_patient_is_followed_to_the_one_that_survives(string link, string expected, string code)
    {
        var (old, survivor) = (Patient("9007001035", "old"), Patient(NumberA, "A"));
        switch (link)
        {
            case "replaces":
                survivor["link"] = Link("urn:uuid:old", "replaces");
                break;
            case "circle":
                old["link"] = Link("urn:uuid:new", "replaced-by");
                survivor["link"] = Link("urn:uuid:old", "replaced-by");
                break;
            case "elsewhere":
                old["link"] = Link("urn:uuid:nowhere", "replaced-by");
                break;
            case "two":
                old["link"] = new JsonArray(
                    Link("urn:uuid:new", "replaced-by")[0]!.DeepClone(),
                    Link("urn:uuid:third", "replaced-by")[0]!.DeepClone()
                );
                break;
            default:
                old["link"] = Link("urn:uuid:new", link == "without a number" ? "replaced-by" : link);
                break;
        }

        if (link == "without a number")
            survivor.Remove("identifier");
        var bundle = Bundle("transaction");
        var entries = bundle["entry"]!.AsArray();
        Put(
            entries,
            "urn:uuid:e",
            "Encounter",
            With(Encounter("urn:uuid:old"), e =>
                e["subject"]!["identifier"] = new JsonObject { ["system"] = Nhs, ["value"] = "9007001035" }
            )
        );
        Put(entries, "urn:uuid:old", "Patient", old);
        Put(entries, "urn:uuid:new", "Patient", survivor);
        Put(entries, "urn:uuid:third", "Patient", Patient(NumberB, "B"));

        var (submissions, codes, _) = Reading.OfBundle(bundle);
        Assert.Equal(code.Length == 0 ? [] : [code], codes);
        Assert.Equal(
            expected switch
            {
                "" => [],
                "A" => [(NumberA, "A")],
                "old" => [("9007001035", "old")],
                _ => [("9007001035", "A")],
            },
            submissions.Select(one => (one.Patient.Identifier.NhsNumber!.Value.Reveal(), one.Patient.Names[0].Family!))
        );
    }

    private static JsonArray Link(string to, string type) =>
        new(new JsonObject { ["other"] = Reference(to), ["type"] = type });

    private static string OwnerType(string name) => name[..name.IndexOf('.', StringComparison.Ordinal)];

    private static string UrlOf(char target, string type) =>
        target == 'u' ? UrnA : $"https://{target}.example/fhir/{type}/1";

    private static JsonObject Target(string type, string name) =>
        type switch
        {
            "Patient" => Patient(name == "A" ? NumberA : NumberB, name),
            "Encounter" => new JsonObject
            {
                ["identifier"] = new JsonArray(LocalId(name)),
                ["status"] = "arrived",
                ["subject"] = new JsonObject
                {
                    ["identifier"] = new JsonObject { ["system"] = Nhs, ["value"] = name == "A" ? NumberA : NumberB },
                },
            },
            _ => new JsonObject
            {
                ["identifier"] = new JsonArray(SiteCode("RZZ0" + name)[0]!.DeepClone(), LocalId(name)),
            },
        };

    private static JsonObject Patient(string number, string family) =>
        new()
        {
            ["identifier"] = new JsonArray(new JsonObject { ["system"] = Nhs, ["value"] = number }, LocalId(family)),
            ["name"] = new JsonArray(new JsonObject { ["family"] = family }),
        };

    private static JsonObject LocalId(string value) => new() { ["system"] = Local, ["value"] = value };

    private static JsonArray SiteCode(string ods) =>
        new(new JsonObject { ["system"] = Codes.OdsSite, ["value"] = ods });

    private static JsonObject Reference(string to) => new() { ["reference"] = to };

    private static JsonArray Locations(JsonObject reference) => new(new JsonObject { ["location"] = reference });

    private static JsonObject Encounter(string subject) =>
        new()
        {
            ["identifier"] = new JsonArray(
                new JsonObject { ["system"] = Samples.VisitSystem, ["value"] = Samples.NewVisit() }
            ),
            ["status"] = "arrived",
            ["class"] = new JsonObject { ["code"] = "EMER" },
            ["subject"] = Reference(subject),
        };

    private static JsonObject At(Action<JsonObject> change)
    {
        var encounter = Encounter("");
        encounter["subject"] = new JsonObject
        {
            ["identifier"] = new JsonObject { ["system"] = Nhs, ["value"] = NumberA },
        };
        change(encounter);
        return encounter;
    }

    private static JsonObject Flag(string subject) =>
        new()
        {
            ["status"] = "active",
            ["category"] = new JsonArray(
                new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = "SG" }) }
            ),
            ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = "878111000000109" }) },
            ["subject"] = Reference(subject),
        };

    private static JsonObject Mother(string patient) =>
        new()
        {
            ["patient"] = Reference(patient),
            ["relationship"] = new JsonArray(
                new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = "MTH" }) }
            ),
            ["name"] = new JsonArray(new JsonObject { ["family"] = "Harfield" }),
        };

    // An encounter for every patient there is, each by its whole address; without a patient, two of others.
    private static void WithNobodysEncounters(JsonArray entries)
    {
        var patients = entries
            .Where(entry => entry!["resource"]!["resourceType"]!.GetValue<string>() == "Patient")
            .Select(entry => entry!["fullUrl"]!.GetValue<string>())
            .ToList();
        foreach (var patient in patients)
            Put(entries, $"urn:uuid:e{patient.Length}{patient[8]}", "Encounter", Encounter(patient));
        if (patients.Count > 0)
            return;
        foreach (var other in new[] { "urn:uuid:x1", "urn:uuid:x2" })
            Put(entries, other, "Encounter", At(e => e["subject"]!["identifier"]!["value"] = "9007001078"));
    }

    private static JsonObject Bundle(string type) =>
        new()
        {
            ["resourceType"] = "Bundle",
            ["type"] = type,
            ["entry"] = new JsonArray(),
        };

    private static void Put(JsonArray entries, string url, string type, JsonObject resource) =>
        entries.Add(Entry(url, type, resource));

    private static JsonObject Entry(string url, string type, JsonObject resource)
    {
        var added = new JsonObject { ["resourceType"] = type };
        var id =
            url.StartsWith("http", StringComparison.Ordinal) ? url.Split('/')[^1]
            : url == UrnA ? "1"
            : null;
        if (id is not null)
            added["id"] = id;
        if (url.StartsWith("https", StringComparison.Ordinal) || url == UrnA)
            added["meta"] = new JsonObject { ["versionId"] = "2" };
        foreach (var (name, value) in resource)
            added[name] = value?.DeepClone();
        return new JsonObject
        {
            ["fullUrl"] = url,
            ["resource"] = added,
            ["request"] = new JsonObject { ["method"] = "POST", ["url"] = type },
        };
    }

    private static JsonObject With(JsonObject resource, Action<JsonObject> change)
    {
        var copy = resource.DeepClone().AsObject();
        change(copy);
        return copy;
    }

    private static string? Child(Submission one) =>
        one.Patient.Identifier.NhsNumber?.Reveal() switch
        {
            NumberA => "A",
            NumberB => "B",
            _ => null,
        };

    private static string? Site(Submission one) => one.Particulars.SiteOds?[4..];
}

file static class Kept
{
    public static IReadOnlyList<string> Concerns(this Submission submission) => submission.Particulars.Concerns;
}
