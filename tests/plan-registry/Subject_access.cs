using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A council answers a person who asks what is held of them, or of their child.</summary>
public sealed class Subject_access(RegistryForLookUps running) : IClassFixture<RegistryForLookUps>
{
    private const string Lead = "safeguarding-lead";
    private const string Why = "The address is the applicant's own and she has shown it.";
    private static readonly string[] Secret = ["ZZ1 4AB", "020 7946 0101", "Dana", "RXX", "clinician-unscheduled"];

    [Fact]
    public async Task Place_reporter_and_other_people_are_withheld_until_a_person_releases_each_with_a_reason()
    {
        var child = running.AnUnknownChild();
        await PutAsync(child, "child-protection", mother: true);
        await PutAsync(child, "looked-after", mother: false, council: Registry.Kent);
        using (var clinician = running.Person("RXX", "clinician-unscheduled"))
        {
            var purpose = new { nhsNumber = child.NhsNumber, purpose = "direct-care" };
            await RegistryForLookUps.LookUpAsync(clinician, purpose);
        }

        using var lead = running.Person(Registry.Hackney, Lead);
        var earlier = (await AuditAsync()).ConvertAll(record => record.Id);
        var first = await AskAsync(lead, child.NhsNumber);
        var (text, records) = (first.GetProperty("text").GetString()!, Records(first));

        Assert.Equal(["plan", "look-up"], records.Select(record => record.GetProperty("kind").GetString()));
        Assert.All(Secret, word => Assert.DoesNotContain(word, first.GetRawText(), StringComparison.Ordinal));
        Assert.DoesNotContain("looked-after", first.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("names: Imogen Quillfield", text, StringComparison.Ordinal);
        Assert.Contains("postcodes: withheld (location)", text, StringComparison.Ordinal);
        Assert.Contains("mother.names: withheld (other-people)", text, StringComparison.Ordinal);
        Assert.Contains("organisation: withheld (location)", text, StringComparison.Ordinal);
        Assert.Contains("role: withheld (reporter)", text, StringComparison.Ordinal);

        var item = Item(first, "postcodes");
        var released = await AskAsync(lead, child.NhsNumber, (item, Why));
        var after = await AskAsync(lead, child.NhsNumber);

        Assert.Contains("postcodes: ZZ1 4AB", released.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.All(Secret[1..], word => Assert.DoesNotContain(word, released.GetRawText(), StringComparison.Ordinal));
        Assert.DoesNotContain(Secret[0], after.GetRawText(), StringComparison.Ordinal);
        var audit = (await AuditAsync()).FindAll(record => !earlier.Contains(record.Id));
        Assert.Equal(6, audit.Count(record => record.Act == "plan.subject-access"));
        var release = Assert.Single(audit, record => record.Act == "plan.subject-access.release");
        Assert.Equal((Registry.Hackney, Lead), (release.Organisation, release.Role));
        Assert.DoesNotContain("applicant", release.Reason, StringComparison.Ordinal);
        Assert.Equal($"postcodes: {Why}", running.Registry.Service.ReasonOf(release));
    }

    [Fact]
    public async Task What_is_not_withheld_not_this_persons_or_without_a_reason_is_not_released()
    {
        var (child, other) = (running.AnUnknownChild(), running.AnUnknownChild());
        await PutAsync(child, "child-protection", mother: true);
        await PutAsync(other, "child-protection", mother: true);
        using var lead = running.Person(Registry.Hackney, Lead);
        var postcodes = Item(await AskAsync(lead, child.NhsNumber), "postcodes");
        var names = Item(await AskAsync(lead, child.NhsNumber), "names");
        var others = Item(await AskAsync(lead, other.NhsNumber), "postcodes");

        foreach (
            var (releases, field) in new[]
            {
                (new[] { (names, Why) }, "releases[0].item"),
                ([(others, Why)], "releases[0].item"),
                ([(postcodes, Why), (postcodes, Why)], "releases[1].item"),
                ([(postcodes, " ")], "releases[0].reason"),
            }
        )
        {
            using var answer = await SendAsync(lead, child.NhsNumber, releases);
            var body = await answer.Content.ReadAsStringAsync(Registry.Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("release-unusable", body, StringComparison.Ordinal);
            Assert.Contains(field, body, StringComparison.Ordinal);
            Assert.DoesNotContain("ZZ1", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_person_is_found_by_the_reference_of_a_plan_too_even_without_a_number()
    {
        var (child, nameless) = (running.AnUnknownChild(), running.AnUnknownChild());
        await PutAsync(child, "child-protection", mother: false);
        await PutAsync(child with { Reference = $"{child.Reference}-2" }, "looked-after", mother: false);
        await PutAsync(nameless with { NhsNumber = null }, "child-protection", mother: false);
        using var lead = running.Person(Registry.Hackney, Lead);

        var both = await AskByAsync(lead, new { plan = child.Reference });
        var one = await AskByAsync(lead, new { plan = nameless.Reference });

        Assert.Equal(2, Records(both).Length);
        Assert.Equal(
            Records(both)
                .Select(record => record.GetProperty("items")[0].GetProperty("item").GetString()!.Split('/')[1]),
            both.GetProperty("plans").EnumerateArray().Select(plan => plan.GetProperty("id").GetString())
        );
        Assert.All(both.GetProperty("plans").EnumerateArray(), plan =>
            Assert.Equal("child", plan.GetProperty("role").GetString())
        );
        Assert.Contains(nameless.Reference, one.GetProperty("text").GetString(), StringComparison.Ordinal);
        using var stranger = running.Person(Registry.Kent, Lead);
        foreach (
            var (person, body, status) in new (HttpClient, object, HttpStatusCode)[]
            {
                (lead, new { plan = "no-such-plan" }, HttpStatusCode.NotFound),
                (stranger, new { plan = child.Reference }, HttpStatusCode.NotFound),
                (lead, new { plan = child.Reference, nhsNumber = child.NhsNumber }, HttpStatusCode.BadRequest),
                (lead, new { }, HttpStatusCode.BadRequest),
                (lead, new { plan = child.Reference, releases = new object?[] { null } }, HttpStatusCode.BadRequest),
            }
        )
        {
            using var answer = await person.PostAsync("/subject-access", Registry.Json(body), Registry.Cancelled);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(Registry.Hackney, "duty-worker", HttpStatusCode.Forbidden)]
    [InlineData("RXX", "privacy-officer", HttpStatusCode.Forbidden)]
    [InlineData(Registry.Hackney, "privacy-officer", HttpStatusCode.OK)]
    [InlineData(Registry.Kent, Lead, HttpStatusCode.OK)]
    public async Task Only_a_councils_lead_and_privacy_officer_ask_and_of_their_own_data(
        string organisation,
        string role,
        HttpStatusCode expected
    )
    {
        var child = await running.AChildAsync();
        using var person = running.Person(organisation, role);

        using var answer = await SendAsync(person, child.NhsNumber);

        Assert.Equal(expected, answer.StatusCode);
        if (organisation == Registry.Kent)
        {
            var body = await answer.Content.ReadAsStringAsync(Registry.Cancelled);
            Assert.Contains("\"records\":[]", body, StringComparison.Ordinal);
        }
    }

    private Task<List<AuditRecord>> AuditAsync() =>
        running.Registry.Service.Db(db =>
            db.Set<AuditRecord>()
                .Where(record => record.Act.StartsWith("plan.subject-access"))
                .ToListAsync(Registry.Cancelled)
        );

    private static JsonElement[] Records(JsonElement document) => [.. document.GetProperty("records").EnumerateArray()];

    private static string Item(JsonElement document, string name) =>
        Records(document)
            .SelectMany(record => record.GetProperty("items").EnumerateArray())
            .First(item => item.GetProperty("name").GetString() == name)
            .GetProperty("item")
            .GetString()!;

    private static async Task<JsonElement> AskAsync(
        HttpClient person,
        string? number,
        params (string Item, string Reason)[] releases
    )
    {
        using var answer = await SendAsync(person, number, releases);
        var body = await answer.Content.ReadAsStringAsync(Registry.Cancelled);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private static async Task<JsonElement> AskByAsync(HttpClient person, object body)
    {
        using var answer = await person.PostAsync("/subject-access", Registry.Json(body), Registry.Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Registry.Cancelled);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient person,
        string? number,
        params (string Item, string Reason)[] releases
    ) =>
        person.PostAsync(
            "/subject-access",
            Registry.Json(
                new
                {
                    nhsNumber = number,
                    releases = releases.Select(release => new { item = release.Item, reason = release.Reason }),
                }
            ),
            Registry.Cancelled
        );

    private async Task PutAsync(APlan child, string kind, bool mother, string council = Registry.Hackney)
    {
        using var client = running.Registry.Council(council);
        var subject = new
        {
            identifier = child.NhsNumber is { } number
                ? (object)new { state = "known", nhsNumber = number }
                : new { state = "unknown" },
            names = new[]
            {
                new
                {
                    use = "usual",
                    family = "Quillfield",
                    given = new[] { "Imogen" },
                },
            },
            birthDate = "2019-07-23",
            postcodes = new[] { new { postcode = "ZZ1 4AB", former = false } },
            phones = new[] { "020 7946 0101" },
        };
        object body = mother
            ? new
            {
                kind,
                startDate = "2026-01-01",
                subject,
                mother = new
                {
                    identifier = new { state = "withheld" },
                    names = new[] { new { family = "Quillfield", given = new[] { "Dana" } } },
                },
            }
            : new
            {
                kind,
                startDate = "2026-01-01",
                subject,
            };
        var answer = await client.PutAsync($"/plans/{child.Reference}", Registry.Json(body), Registry.Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Registry.Cancelled));
    }
}
