using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>The door of police forces, into the same intake as encounters.</summary>
public sealed class Contacts_of_the_police(HubServers servers) : IAsyncLifetime
{
    private const string Force = "43";
    private ServiceUnderTest<EncounterIngestDb> _service = null!;
    private EventsSeen<EncounterReceived> _received = null!;
    private HttpClient _force = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(servers);
        _received = await _service.Bus.ListenAsync<EncounterReceived>();
        _force = _service.Client(Force, "contact.submit");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task One_incident_and_kind_is_one_contact_and_newer_versions_replace_older()
    {
        var missing = Contact("43-1", "missing", "open", at: 0);

        Assert.Equal((201, "created", 1), await PostAsync(missing));
        Assert.Equal((200, "repeated", 1), await PostAsync(missing));
        Assert.Equal((200, "updated", 2), await PostAsync(Contact("43-1", "missing", "ended", at: 20)));
        Assert.Equal((200, "older", 2), await PostAsync(Contact("43-1", "missing", "open", at: 10)));
        Assert.Equal((201, "created", 1), await PostAsync(Contact("43-1", "custody", "open", at: 0)));
        Assert.Equal((200, "updated", 3), await PostAsync(Contact("43-1", "missing", "withdrawn", at: 30)));
        Assert.Equal((201, "created", 1), await PostAsync(missing, _service.Client("44", "contact.submit")));

        var events = await _received.AtLeast(5);
        Assert.Equal(
            [
                (1, EncounterStatus.InProgress),
                (1, EncounterStatus.InProgress),
                (1, EncounterStatus.InProgress),
                (2, EncounterStatus.Finished),
                (3, EncounterStatus.EnteredInError),
            ],
            events.OrderBy(one => one.Version).Select(one => ((int)one.Version, one.Status))
        );
        Assert.All(events, one => Assert.True(one.Unscheduled));
    }

    [Fact]
    public async Task Matching_is_given_the_child_the_unit_and_the_incident_and_nothing_else()
    {
        await PostAsync(Contact("43-2", "accommodationRequest", "open", at: 0, grade: "high"));

        var one = (await _received.AtLeast(1))[0];
        var sealer = _service.Services.GetRequiredService<Sealer>();
        Assert.Equal(
            new Place(
                Force,
                null,
                null,
                "Westhollow custody suite",
                CareSetting.Unknown,
                "01632 960018",
                "43-2",
                new PoliceContact(ContactKind.AccommodationRequest, ContactGrade.High, "43-2")
            ),
            sealer.Open(one.Place)
        );
        var patient = sealer.Open(one.Patient);
        Assert.IsType<PersonIdentifier.Unknown>(patient.Identifier);
        Assert.Equal(
            [(NameUse.Usual, "Wynfield", "Teda May"), (NameUse.Former, "Oldfield", "Teda")],
            patient.Names.Select(name => (name.Use, name.Family!, string.Join(' ', name.Given)))
        );
        Assert.Equal(new DateOnly(2010, 5, 1), patient.BirthDate);
        Assert.Equal([new PersonPostcode("ZZ99 3AA"), new("ZZ99 4AA", Former: true)], patient.Postcodes);
        Assert.Equal(["01632 960099"], patient.Phones);
    }

    [Theory]
    [InlineData("event", null, "event")]
    [InlineData("unit", null, "unit")]
    [InlineData("person", null, "person")]
    [InlineData("event.incidentNumber", null, "event.incidentNumber")]
    [InlineData("event.incidentNumber", "\"Teda Wynfield\"", "event.incidentNumber")]
    [InlineData("event.kind", null, "event.kind")]
    [InlineData("event.kind", "\"burglary\"", "event.kind")]
    [InlineData("event.state", null, "event.state")]
    [InlineData("event.occurredAt", null, "event.occurredAt")]
    [InlineData("event.occurredAt", "\"2126-11-28T09:30:00Z\"", "event.occurredAt")]
    [InlineData("event.updatedAt", "\"2126-11-28T09:30:00Z\"", "event.updatedAt")]
    [InlineData("event.endedAt", "\"2026-11-01T09:30:00Z\"", "event.endedAt")]
    [InlineData("event.narrative", "\"He was seen\"", "event.narrative")]
    [InlineData("person.address", "\"1 High Street\"", "person.address")]
    [InlineData("suspects", "[]", "suspects")]
    [InlineData("unit.name", "\"\"", "unit.name")]
    [InlineData("unit.phone", "\"ask\"", "unit.phone")]
    [InlineData("person.nhsNumber", "\"9000000008\"", "person.nhsNumber")]
    [InlineData("person.birthDate", "\"2126-01-01\"", "person.birthDate")]
    [InlineData("person.names", "[{}]", "person.names[0]")]
    [InlineData("person.names", "[{\"familyName\":\"A\\u0000\"}]", "person.names[0]")]
    [InlineData("person.postcodes", "[{\"postcode\":\"1 High Street, Westhollow\"}]", "person.postcodes[0]")]
    [InlineData("person.phones", "[\"none\"]", "person.phones[0]")]
    public async Task What_cannot_be_taken_is_refused_by_its_field_and_never_quoted(
        string path,
        string? value,
        string field
    )
    {
        var contact = Contact("43-3", "missing", "open", at: 0);
        Set(contact, path, value);

        var answer = await _force.PostAsJsonAsync("/contacts", contact, Cancelled);
        var body = await answer.Content.ReadAsStringAsync(Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"field\":\"{field}\"", body, StringComparison.Ordinal);
        if (value is { Length: > 6 })
            Assert.DoesNotContain(value.Trim('"'), body, StringComparison.Ordinal);
        var line = (await BatchAsync(contact.ToJsonString()))[0]!;
        Assert.Null(line["contact"]);
        Assert.Contains($"\"field\":\"{field}\"", line.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(0, await _service.Db(db => db.Set<EncounterRow>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task A_person_whom_nothing_names_is_refused()
    {
        var contact = Contact("43-4", "missing", "open", at: 0);
        contact["person"] = new JsonObject { ["sex"] = "female" };

        var answer = await _force.PostAsJsonAsync("/contacts", contact, Cancelled);

        Assert.Contains("names nobody", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_line_of_a_batch_is_taken_or_refused_by_itself_and_refusals_are_listed()
    {
        var bad = Contact("43-6", "missing", "open", at: 0);
        bad["unit"]!["phone"] = "ask";

        var lines = await BatchAsync(
            string.Join(
                '\n',
                Contact("43-5", "missing", "open", at: 0).ToJsonString(),
                bad.ToJsonString(),
                "",
                "{not json",
                "null"
            )
        );

        Assert.Equal([1, 2, 4, 5], lines.Select(line => line!["line"]!.GetValue<int>()));
        Assert.Equal(
            [null, "contact-invalid", "contact-unreadable", "contact-invalid"],
            lines.Select(line => line!["code"]?.GetValue<string>())
        );
        var refused = await Eventually.UntilAsync(RefusedAsync, all => all.Count == 3);
        Assert.Contains(refused, one => one!["path"]?.GetValue<string>() == "unit.phone");

        bad["unit"]!["phone"] = "01632 960017";
        Assert.Equal((201, "created", 1), await PostAsync(bad));
        await Eventually.UntilAsync(RefusedAsync, all => all.Count == 2);
    }

    [Fact]
    public async Task Where_a_batch_is_no_longer_UTF_8_the_line_is_named_by_its_number()
    {
        using var body = new ByteArrayContent([
            .. Encoding.UTF8.GetBytes($"\n{Contact("43-8", "missing", "open", at: 0).ToJsonString()}\n"),
            .. Enumerable.Repeat((byte)' ', 100_000),
            (byte)'\n',
            0xFF,
            (byte)'\n',
        ]);
        body.Headers.ContentType = new("application/x-ndjson");

        var answer = await _force.PostAsync("/contacts/batch", body, Cancelled);

        var lines = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["lines"]!.AsArray();
        Assert.Equal((2, "created"), ((int)lines[0]!["line"]!, (string)lines[0]!["contact"]!["result"]!));
        // The blank line counts too; the long one is in the same buffer as the byte, and was not read.
        Assert.Equal((3, "encoding"), ((int)lines[1]!["line"]!, (string)lines[1]!["code"]!));
    }

    [Theory]
    [InlineData("application/json", "{}", 415)]
    [InlineData("application/x-ndjson", "\n\n", 400)]
    public async Task A_batch_that_is_none_is_refused(string mediaType, string body, int status)
    {
        var answer = await _force.PostAsync(
            "/contacts/batch",
            new StringContent(body, Encoding.UTF8, mediaType),
            Cancelled
        );

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Of_a_long_batch_the_rest_is_taken_and_the_first_line_too_many_named()
    {
        var contact = Contact("43-7", "custody", "open", at: 0).ToJsonString();

        var lines = await BatchAsync(string.Join('\n', Enumerable.Repeat(contact, 502)));

        Assert.Equal(501, lines.Count);
        Assert.Equal((501, "too-many-lines"), ((int)lines[500]!["line"]!, (string)lines[500]!["code"]!));
        Assert.Equal("created", (string)lines[0]!["contact"]!["result"]!);
        Assert.Equal("repeated", (string)lines[499]!["contact"]!["result"]!);
    }

    private async Task<(int Status, string Result, int Version)> PostAsync(JsonObject contact, HttpClient? force = null)
    {
        var answer = await (force ?? _force).PostAsJsonAsync("/contacts", contact, Cancelled);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;
        return ((int)answer.StatusCode, (string)body["result"]!, (int)body["version"]!);
    }

    private async Task<JsonArray> BatchAsync(string body)
    {
        var answer = await _force.PostAsync(
            "/contacts/batch",
            new StringContent(body, Encoding.UTF8, "application/x-ndjson"),
            Cancelled
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["lines"]!.AsArray();
    }

    private async Task<JsonArray> RefusedAsync() =>
        (await _force.GetFromJsonAsync<JsonObject>("/contacts/refusals?open=true", Cancelled))!["refusals"]!.AsArray();

    private static JsonObject Contact(string number, string kind, string state, int at, string? grade = null)
    {
        var happened = new JsonObject
        {
            ["incidentNumber"] = number,
            ["kind"] = kind,
            ["state"] = state,
            ["occurredAt"] = new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero).ToString("O"),
            ["updatedAt"] = new DateTimeOffset(2026, 11, 20, 10, at, 0, TimeSpan.Zero).ToString("O"),
        };
        if (grade is not null)
            happened["grade"] = grade;
        return new JsonObject
        {
            ["event"] = happened,
            ["unit"] = new JsonObject { ["name"] = "Westhollow custody suite", ["phone"] = "01632 960018" },
            ["person"] = JsonNode.Parse(
                """
                {"names":[{"familyName":"Oldfield","givenNames":["Teda"],"use":"former"},
                {"familyName":"Wynfield","givenNames":["Teda","May"]}],"birthDate":"2010-05-01","sex":"female",
                "postcodes":[{"postcode":"ZZ99 4AA","former":true},{"postcode":"ZZ99 3AA"}],"phones":["01632 960099"]}
                """
            ),
        };
    }

    private static void Set(JsonObject contact, string path, string? value)
    {
        var steps = path.Split('.');
        var parent = steps.Length == 2 ? contact[steps[0]]!.AsObject() : contact;
        if (value is null)
            parent.Remove(steps[^1]);
        else
            parent[steps[^1]] = JsonNode.Parse(value);
    }
}
