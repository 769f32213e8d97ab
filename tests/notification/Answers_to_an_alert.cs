using System.Text;
using System.Text.Json;

namespace Safeguarding.Notification.Tests;

/// <summary>Who may answer over whom, and what a body that is not understood is answered with.</summary>
public sealed class Answers_to_an_alert(Hub hub) : IClassFixture<Hub>
{
    private const string Person = """{"kind":"person","name":"Duty social worker 14"}""";

    [Theory]
    [InlineData(Person, """{"reason":"notOurs"}""", null, 409)]
    [InlineData(
        Person,
        """{"reason":"wrongChild","kind":"system"}""",
        """{"answers":{"systemRefusal":"keepPerson"}}""",
        409
    )]
    [InlineData(Person, """{"reason":"notOurs"}""", """{"answers":{}}""", 409)]
    [InlineData(Person, """{"reason":"notOurs"}""", """{"answers":{"systemRefusal":"overridePerson"}}""", 200)]
    [InlineData(Person, """{"reason":"notOurs","kind":"person","name":"Manager 2"}""", null, 200)]
    [InlineData("""{"kind":"system"}""", """{"reason":"notOurs"}""", null, 200)]
    [InlineData("{}", """{"reason":"notOurs","kind":"person","name":"Manager 2"}""", null, 200)]
    public async Task A_machines_refusal_overrides_a_persons_acknowledgement_only_where_the_council_says_so(
        string acknowledgement,
        string refusal,
        string? rules,
        int status
    )
    {
        var council = hub.ACouncil();
        if (rules is not null)
            Assert.Equal(200, (await Send(council, HttpMethod.Put, "/rules", rules)).Status);
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        Assert.Equal(
            200,
            (await Send(council, HttpMethod.Post, $"/alerts/{alert.Id()}/acknowledge", acknowledgement)).Status
        );

        var answer = await Send(council, HttpMethod.Post, $"/alerts/{alert.Id()}/refuse", refusal);

        Assert.Equal(status, answer.Status);
        Assert.Equal(
            status == 200 ? "refused" : "acknowledged",
            (await council.Get($"/alerts/{alert.Id()}")).Text("state")
        );
        if (status == 200)
            return;
        Assert.Equal("acknowledged-by-person", answer.Body.Text("code"));
        Assert.Contains("Duty social worker 14", answer.Body.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_reads_and_answers_is_in_the_history_and_not_the_portal()
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        using var worker = hub.Service.Person(council.Code, "duty-worker");
        await worker.GetAsync($"/alerts/{alert.Id()}", TestContext.Current.CancellationToken);
        await worker.PostAsync(
            $"/alerts/{alert.Id()}/acknowledge",
            // Neither a name nor a kind takes the place of who is signed in.
            new StringContent("""{"kind":"system","name":"A manager"}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );

        var history = (await council.Get($"/alerts/{alert.Id()}/history")).GetProperty("entries").EnumerateArray();

        Assert.All(history.Where(entry => entry.Text("deed") is "read" or "acknowledged"), entry =>
        {
            Assert.Equal("person", entry.Text("byKind"));
            var signed = $"duty-worker test|{council.Code}-duty-worker-1";
            Assert.Equal(entry.Text("deed") is "read" ? signed : $"A manager ({signed})", entry.Text("by"));
        });
        Assert.Equal(2, history.Count(entry => entry.Text("deed") is "read" or "acknowledged"));
    }

    [Theory]
    [InlineData("POST", "/alerts/{alert}/acknowledge", """{"kid":"person"}""", "field-unknown", "kind")]
    [InlineData("POST", "/alerts/{alert}/acknowledge", """{"kind":"persn"}""", "body-unreadable", "person, system")]
    [InlineData("POST", "/alerts/{alert}/acknowledge", """{"kind":"hub"}""", "kind-unknown", "person or system")]
    [InlineData("POST", "/alerts/{alert}/refuse", """{"reason":"notMine"}""", "body-unreadable", "notOurs, wrongChild")]
    [InlineData("POST", "/alerts/{alert}/refuse", """{"reason":"notOurs","Versoin":1}""", "field-unknown", "version")]
    [InlineData("POST", "/alerts/claim", """{"maximum":5}""", "field-unknown", "maximum")]
    [InlineData(
        "PUT",
        "/subscriptions/other",
        """{"url":"https://council.example/","enable":false}""",
        "field-unknown",
        "enabled"
    )]
    [InlineData(
        "PUT",
        "/subscriptions/other",
        """{"url":"https://council.example/","payload":"fat"}""",
        "body-unreadable",
        "thin, full"
    )]
    [InlineData(
        "PUT",
        "/subscriptions/other",
        """{"url":"https://council.example/","channel":"fax"}""",
        "channel-unknown",
        "webhook"
    )]
    [InlineData(
        "PUT",
        "/subscriptions/other",
        """{"url":"https://council.example/","enabled":"no"}""",
        "body-unreadable",
        "true or false"
    )]
    [InlineData(
        "POST",
        "/subscriptions/other/replay",
        """{"since":"2026-11-01T00:00:00Z","dry_run":true}""",
        "field-unknown",
        "dryRun"
    )]
    [InlineData(
        "POST",
        "/subscriptions/other/rotate-secret",
        """{"overlap_hours":1}""",
        "field-unknown",
        "overlapHours"
    )]
    [InlineData(
        "PUT",
        "/rules",
        """{"grouping":{"windowHours":24,"afterAcknowledgement":"open"}}""",
        "body-unreadable",
        "newAlert, reopen"
    )]
    [InlineData(
        "PUT",
        "/rules",
        """{"answers":{"systemRefusal":"no"}}""",
        "body-unreadable",
        "keepPerson, overridePerson"
    )]
    [InlineData("PUT", "/escalations/{council}", """{"standard":{"step":[]}}""", "field-unknown", "steps")]
    [InlineData(
        "OPS",
        "/deliveries/replay",
        """{"from":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","dry_run":true}""",
        "field-unknown",
        "dryRun"
    )]
    [InlineData(
        "OPS",
        "/deliveries/replay",
        """{"from":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","states":["lost"]}""",
        "state-not-replayable",
        "parked"
    )]
    public async Task A_word_that_is_none_is_answered_with_the_right_ones(
        string method,
        string path,
        string body,
        string code,
        string right
    )
    {
        var council = hub.ACouncil();
        await hub.Publish(hub.AMatch(council));
        var alert = await council.Alert(_ => true);
        var caller = method == "OPS" ? new Desk(hub.Service, "HUB", "ops") : council;

        var (status, problem) = await Send(
            caller,
            method == "PUT" ? HttpMethod.Put : HttpMethod.Post,
            path.Replace("{alert}", alert.Id().ToString(), StringComparison.Ordinal)
                .Replace("{council}", council.Code, StringComparison.Ordinal),
            body
        );

        Assert.Equal((400, code), (status, problem.Text("code")));
        Assert.Contains(right, problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("raised", (await council.Get($"/alerts/{alert.Id()}")).Text("state"));
    }

    [Theory]
    [InlineData("PUT", "/rules", """{"patterns":[""", "{}", "]}")]
    [InlineData("POST", "/rules/dry-run", """{"patterns":[""", "null", "]}")]
    [InlineData("PUT", "/escalations/{council}", """{"desks":{"dutyManager":[""", "\"a\"", "]}}")]
    [InlineData("PUT", "/escalations/{council}", """{"high":{"steps":[""", "{}", "]}}")]
    [InlineData("PUT", "/escalations/{council}", """{"high":{"steps":[{"afterMinutes":1,"to":[""", "\"a\"", "]}]}}")]
    [InlineData(
        "POST",
        "/fhir/Subscription",
        """{"resourceType":"Subscription","contact":[""",
        "{\"Quirina\":1}",
        "]}"
    )]
    public async Task An_answer_grows_with_no_number_of_faults_and_says_no_name_that_was_sent(
        string method,
        string path,
        string before,
        string fault,
        string after
    )
    {
        var council = hub.ACouncil();
        var many = string.Join(',', Enumerable.Repeat(fault, 60_000 / (fault.Length + 1)));
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            path.Replace("{council}", council.Code, StringComparison.Ordinal)
        )
        {
            Content = new StringContent($"{before}{many}{after}", Encoding.UTF8, "application/json"),
        };

        using var answer = await council.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.InRange(text.Length, 50, 6000);
        Assert.DoesNotContain("Quirina", text, StringComparison.Ordinal);
    }

    private static async Task<(int Status, JsonElement Body)> Send(
        Desk council,
        HttpMethod method,
        string path,
        string body
    )
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var answer = await council.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (
            (int)answer.StatusCode,
            JsonSerializer.Deserialize<JsonElement>(
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
            )
        );
    }
}
