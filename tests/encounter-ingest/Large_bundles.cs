using System.Text;
using System.Text.Json.Nodes;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>
/// What reading costs is measured in bytes allocated, which a busy machine does not change: four times the entries may
/// cost about four times as much, where asking every pair would cost sixteen times.
/// </summary>
public sealed class Large_bundles
{
    // Four times so many come close to the most elements that a document may have.
    private const int Few = 300;
    private const int Many = 4 * Few;
    private const double MostGrowth = 5.5;
    private const string Server = "https://a.example/fhir/";

    private static readonly Dictionary<string, Func<int, JsonObject>> Shapes = new()
    {
        ["a concern of each child"] = n => Bundle(n / 3, i => [Patient(i), Encounter(i), Flag($"Patient/{i}")]),
        ["concerns of one child"] = n => Bundle(n / 2, i => [i == 0 ? Patient(0) : Flag("Patient/0"), Encounter(i, 0)]),
        ["concerns of nobody"] = n => Bundle(n / 2, i => [i == 0 ? Patient(0) : Flag("Patient/x"), Encounter(i, 0)]),
        ["a concern of each encounter"] = n =>
            Bundle(n / 2, i => [Encounter(i, 0), i == 0 ? Patient(0) : Flag(null, $"Encounter/{i - 1}")]),
        ["a mother of each child"] = n => Bundle(n / 3, i => [Patient(i), Encounter(i), Mother($"Patient/{i}")]),
        ["mothers of one child"] = n =>
            Bundle(n / 2, i => [i == 0 ? Patient(0) : Mother("Patient/0"), Encounter(i, 0)]),
        ["patients who were replaced"] = n =>
            Bundle(n / 3, i =>
                [Linked(Patient(2 * i), "replaced-by", (2 * i) + 1), Patient((2 * i) + 1), Encounter(i, 2 * i)]
            ),
        ["patients who replace"] = n =>
            Bundle(n / 3, i => [Patient(2 * i), Linked(Patient((2 * i) + 1), "replaces", 2 * i), Encounter(i, 2 * i)]),
        ["conditional references"] = n =>
            Bundle(n / 2, i => [Patient(i), Encounter(i, reference: $"Patient?identifier=urn:p|{i}")]),
        ["one reference that fits all patients"] = n =>
            Bundle(n / 2, i => [Url(Patient(1), $"urn:uuid:p{i}"), Url(Encounter(i, 1), $"urn:uuid:e{i}")]),
        ["versions of one patient"] = n => Bundle(n / 2, i => [Version(Patient(1), i), Encounter(i, 1)]),
        ["encounters that are in it twice"] = n => Bundle(n, i => [i == 0 ? Patient(0) : Encounter(i / 2, 0)]),
        ["a message about what is not in it"] = n => Message(n / 2, i => $"Encounter/x{i}"),
        ["a message about all that is in it"] = n => Message(n / 2, i => $"Encounter/{i}"),
        ["contained places"] = n => Contained(n / 2, i => $"#l{i}"),
        ["contained places without a hash"] = n => Contained(n / 2, i => $"Location/l{i}"),
    };

    public static TheoryData<string> Names => [.. Shapes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reading_four_times_the_entries_costs_about_four_times_as_much(string shape)
    {
        Allocated(Shapes[shape](Few)); // what is made once
        var few = Allocated(Shapes[shape](Few));
        var many = Allocated(Shapes[shape](Many));

        Assert.True(many <= MostGrowth * few, $"{shape}: {few:N0} bytes for {Few} entries, {many:N0} for {Many}");
    }

    private static long Allocated(JsonObject bundle)
    {
        var document = new FhirDocument(ReadJson.Read(Encoding.UTF8.GetBytes(bundle.ToJsonString())), fromXml: false);
        var issues = new Issues();
        var before = GC.GetAllocatedBytesForCurrentThread();
        if (bundle["type"]?.GetValue<string>() == "message")
            ReadMessage.Read(document, new SendingTrust("RZZ"), Reading.Now, issues);
        else
            ReadTransaction.Read(document, new SendingTrust("RZZ"), Reading.Now, issues);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static JsonObject Bundle(int groups, Func<int, JsonObject[]> group)
    {
        var entries = new JsonArray();
        foreach (var resource in Enumerable.Range(0, groups).SelectMany(group))
        {
            var type = resource["resourceType"]!.GetValue<string>();
            var url = resource["url"]?.GetValue<string>() ?? (resource["id"] is { } id ? $"{Server}{type}/{id}" : null);
            resource.Remove("url");
            var entry = new JsonObject { ["resource"] = resource, ["request"] = Request(type) };
            if (url is not null)
                entry["fullUrl"] = url;
            entries.Add(entry);
        }

        return new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction",
            ["entry"] = entries,
        };
    }

    private static JsonObject Message(int encounters, Func<int, string> focus)
    {
        var bundle = Bundle(encounters, i => [Encounter(i, 0)]);
        bundle["type"] = "message";
        var header = new JsonObject
        {
            ["resourceType"] = "MessageHeader",
            ["focus"] = new JsonArray([.. Enumerable.Range(0, encounters).Select(i => Reference(focus(i)))]),
        };
        bundle["entry"]!
            .AsArray()
            .Insert(0, new JsonObject { ["fullUrl"] = $"{Server}MessageHeader/1", ["resource"] = header });
        return bundle;
    }

    private static JsonObject Contained(int places, Func<int, string> reference)
    {
        var encounter = Encounter(1, 0);
        var all = Enumerable.Range(0, places).ToList();
        encounter["contained"] = new JsonArray([
            .. all.Select(i => new JsonObject { ["resourceType"] = "Location", ["id"] = $"l{i}" }),
        ]);
        encounter["location"] = new JsonArray([
            .. all.Select(i => new JsonObject { ["location"] = Reference(reference(i)) }),
        ]);
        return Bundle(1, _ => [Patient(0), encounter]);
    }

    private static JsonObject Request(string type) => new() { ["method"] = "POST", ["url"] = type };

    private static JsonObject Reference(string to) => new() { ["reference"] = to };

    private static JsonObject Patient(int i) =>
        new()
        {
            ["resourceType"] = "Patient",
            ["id"] = $"{i}",
            ["identifier"] = new JsonArray(Identifier("urn:p", i)),
            ["birthDate"] = "2018-05-04",
        };

    private static JsonObject Encounter(int i, int? patient = null, string? reference = null) =>
        new()
        {
            ["resourceType"] = "Encounter",
            ["id"] = $"{i}",
            ["identifier"] = new JsonArray(Identifier("urn:e", i)),
            ["status"] = "arrived",
            ["subject"] = Reference(reference ?? $"Patient/{patient ?? i}"),
        };

    private static JsonObject Flag(string? subject, string? encounter = null)
    {
        var flag = new JsonObject
        {
            ["resourceType"] = "Flag",
            ["category"] = Coded("SG"),
            ["id"] = $"{Guid.CreateVersion7()}",
        };
        if (subject is not null)
            flag["subject"] = Reference(subject);
        if (encounter is not null)
            flag["encounter"] = Reference(encounter);
        return flag;
    }

    private static JsonObject Mother(string patient) =>
        new()
        {
            ["resourceType"] = "RelatedPerson",
            ["id"] = $"{Guid.CreateVersion7()}",
            ["patient"] = Reference(patient),
            ["relationship"] = Coded("MTH"),
        };

    private static JsonObject Linked(JsonObject patient, string type, int other)
    {
        patient["link"] = new JsonArray(new JsonObject { ["type"] = type, ["other"] = Reference($"Patient/{other}") });
        return patient;
    }

    private static JsonObject Url(JsonObject resource, string url)
    {
        resource["url"] = url;
        return resource;
    }

    private static JsonObject Version(JsonObject patient, int version)
    {
        patient["meta"] = new JsonObject { ["versionId"] = $"{version}" };
        return patient;
    }

    private static JsonObject Identifier(string system, int value) =>
        new() { ["system"] = system, ["value"] = $"{value}" };

    private static JsonArray Coded(string code) =>
        [new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = code }) }];
}
