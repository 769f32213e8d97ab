using System.Text.Json;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A value that cannot be used says nothing: what the register has stays, and the line is reported.</summary>
public sealed class Unusable_values(HubServers servers) : IAsyncLifetime
{
    private const string Header =
        "reference,kind,start_date,nhs_number,identifier_state,family_name,given_names,former_names,other_names,birth_date,sex,"
        + "postcode,former_postcodes,phones,mother_nhs_number,mother_family_name,mother_given_names,mother_birth_date,mother_postcode";

    private const int Columns = 19;

    private static readonly string Child = Synthetic.NhsNumber(1).Reveal();
    private static readonly string OtherChild = Synthetic.NhsNumber(2).Reveal();
    private static readonly string Mother = Synthetic.NhsNumber(3).Reveal();
    private static readonly string OtherMother = Synthetic.NhsNumber(4).Reveal();

    private static readonly string Whole =
        $"U-1,child-protection,2026-03-01,{Child},,Dorfield,Robyn May,\"Tamrud, Robyn\",\"Dorrie\",2018-05-04,female,"
        + $"ZZ1 1AA,ZZ2 2BB,020 7946 0101,{Mother},Dorfield,Dana,1990-02-03,ZZ1 1AB";

    private Registry _registry = null!;
    private HttpClient _council = null!;
    private int _sequence;

    public async ValueTask InitializeAsync()
    {
        _registry = await Registry.StartAsync(servers);
        _council = _registry.Council();
    }

    public ValueTask DisposeAsync()
    {
        _council.Dispose();
        return _registry.DisposeAsync();
    }

    [Fact]
    public async Task An_unusable_value_leaves_the_stored_one_where_the_line_is_of_the_same_person()
    {
        // Columns changed beside the whole line; what the plan has afterwards but for what it had.
        var cases = new (string What, (string Column, string Value)[] Line, string[] Becomes)[]
        {
            ("a postcode", [("postcode", "N/A")], []),
            ("a former postcode", [("former_postcodes", "1 High Street Anytown")], []),
            ("a telephone", [("phones", "none")], []),
            (
                "a telephone beside a new one",
                [("phones", "none;020 7946 0102")],
                ["phones=020 7946 0102|020 7946 0101"]
            ),
            ("a sex", [("sex", "N/K")], []),
            ("a date of birth", [("birth_date", "00/00/0000")], []),
            ("a date of birth that means unknown", [("birth_date", "1900-01-01")], []),
            ("a family name", [("family_name", "Dor\u0007field")], []),
            ("a family name that is none", [("family_name", "UNKNOWN")], []),
            ("both names that are none", [("family_name", "Unknown"), ("given_names", "Unknown")], []),
            ("given names", [("given_names", "Rob\u0007yn")], []),
            ("former names", [("former_names", "Tam\u0007rud")], []),
            ("other names", [("other_names", "Dor\u0007rie")], []),
            (
                "too many names",
                [("other_names", string.Join(';', Enumerable.Range(0, 25).Select(n => $"Alias{(char)('a' + n)}")))],
                []
            ),
            ("the mother's number", [("mother_nhs_number", "12")], []),
            ("the mother's date of birth", [("mother_birth_date", "N/A")], []),
            ("the mother's postcode", [("mother_postcode", "N/A")], []),
            (
                "all there is of the mother",
                [
                    ("mother_nhs_number", "12"),
                    ("mother_family_name", ""),
                    ("mother_given_names", ""),
                    ("mother_birth_date", ""),
                    ("mother_postcode", ""),
                ],
                []
            ),
            ("two at once", [("postcode", "N/A"), ("sex", "N/K")], []),
            ("one, beside a change", [("postcode", "N/A"), ("sex", "male")], ["sex=male"]),
            ("one, beside an empty one", [("postcode", "N/A"), ("phones", "")], ["phones="]),
            ("none: an empty one takes the value away", [("postcode", "")], ["postcode="]),
            (
                "a postcode of another child",
                [("postcode", "N/A"), ("nhs_number", OtherChild), ("family_name", "Umbel"), ("given_names", "Kit")],
                [$"nhs_number={OtherChild}", "family_name=Umbel", "given_names=Kit", "postcode="]
            ),
            (
                "a date of birth of another child",
                [("birth_date", "N/A"), ("nhs_number", OtherChild)],
                [$"nhs_number={OtherChild}", "birth_date="]
            ),
            (
                "a postcode of another mother",
                [
                    ("mother_postcode", "N/A"),
                    ("mother_nhs_number", OtherMother),
                    ("mother_family_name", "Umbel"),
                    ("mother_given_names", "Ann"),
                ],
                [
                    $"mother_nhs_number={OtherMother}",
                    "mother_family_name=Umbel",
                    "mother_given_names=Ann",
                    "mother_postcode=",
                ]
            ),
        };
        foreach (var (what, line, becomes) in cases)
        {
            await UploadAsync(Whole);
            var before = await PlanAsync();
            var upload = await UploadAsync(With(line));
            var after = await PlanAsync();

            var expected = new Dictionary<string, string>(before);
            foreach (var change in becomes.Select(change => change.Split('=')))
                expected[change[0]] = change[1];
            Assert.True(
                expected.OrderBy(value => value.Key).SequenceEqual(after.OrderBy(value => value.Key)),
                $"{what}: {string.Join("; ", after.Where(value => expected[value.Key] != value.Value))}"
            );
            var warned = upload.GetProperty("counts").GetProperty("warned").GetInt32();
            Assert.True(warned == (what.StartsWith("none", StringComparison.Ordinal) ? 0 : 1), $"{what}: {upload}");
            var outcome = (await Registry.LinesAsync(_council, upload))[0].Outcome;
            Assert.True(outcome == (becomes.Length == 0 ? "unchanged" : "amended"), $"{what}: {outcome}");
        }
    }

    private static string With((string Column, string Value)[] changes)
    {
        var columns = Header.Split(',');
        var fields = new List<string>();
        using var reader = new Microsoft.VisualBasic.FileIO.TextFieldParser(new StringReader(Whole))
        {
            Delimiters = [","],
        };
        fields.AddRange(reader.ReadFields()!);
        Assert.Equal(Columns, fields.Count);
        foreach (var (column, value) in changes)
            fields[Array.IndexOf(columns, column)] = value;
        return string.Join(
            ',',
            fields.Select(field => field.Contains(',', StringComparison.Ordinal) ? $"\"{field}\"" : field)
        );
    }

    private Task<JsonElement> UploadAsync(string line) =>
        Registry.UploadAsync(_council, $"{Header}\n{line}\n", ++_sequence, "changes");

    private async Task<Dictionary<string, string>> PlanAsync()
    {
        var plan = await Registry.GetAsync(_council, "/plans/U-1");
        var values = new Dictionary<string, string>();
        Person(plan.GetProperty("subject"), "", values);
        Person(plan.GetProperty("mother"), "mother_", values);
        return values;
    }

    private static void Person(JsonElement person, string prefix, Dictionary<string, string> values)
    {
        string Names(string use, Func<JsonElement, string?> part) =>
            string.Join(
                '|',
                person
                    .GetProperty("names")
                    .EnumerateArray()
                    .Where(name => name.GetProperty("use").GetString() == use)
                    .Select(part)
            );
        string Postcodes(bool former) =>
            string.Join(
                '|',
                person
                    .GetProperty("postcodes")
                    .EnumerateArray()
                    .Where(one => one.GetProperty("former").GetBoolean() == former)
                    .Select(one => one.GetProperty("postcode").GetString())
            );
        string? Family(JsonElement name) => Text(name, "family");
        string Given(JsonElement name) => string.Join(' ', name.GetProperty("given").EnumerateArray());
        values[prefix + "nhs_number"] = Text(person.GetProperty("identifier"), "nhsNumber") ?? "";
        values[prefix + "family_name"] = Names("usual", Family);
        values[prefix + "given_names"] = Names("usual", Given);
        values[prefix + "former_names"] = Names("former", Family);
        values[prefix + "other_names"] = Names("other", Family);
        values[prefix + "birth_date"] = Text(person, "birthDate") ?? "";
        values[prefix + "sex"] = Text(person, "sex") ?? "";
        values[prefix + "postcode"] = Postcodes(false);
        values[prefix + "former_postcodes"] = Postcodes(true);
        values[prefix + "phones"] = string.Join('|', person.GetProperty("phones").EnumerateArray());
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
