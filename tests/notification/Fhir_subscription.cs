using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Contracts.Matches;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>R4 Subscriptions of the backport guide, written as JSON by hand. The clock is the test's.</summary>
public sealed class Fhir_subscription(HubWithClock hub) : IClassFixture<HubWithClock>
{
    private const string Topic = "https://safeguarding-hub.uk/fhir/SubscriptionTopic/alert";
    private const string Guide = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

    [Fact]
    public async Task The_endpoint_answers_a_handshake_and_then_gets_events_numbered_without_a_gap()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(503);
        var council = hub.ACouncil();
        var made = await Send(
            council,
            HttpMethod.Post,
            "/fhir/Subscription",
            A(receiver.Url, "id-only", header: "Authorization: Bearer theirs"),
            201
        );
        Assert.Equal("requested", made.Text("status"));
        Assert.DoesNotContain("theirs", made.GetRawText(), StringComparison.Ordinal);
        await hub.Publish(hub.AMatch(council), hub.AMatch(council));
        await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 2);
        await receiver.AtLeast(1);
        Assert.All(receiver.Received, hook => Assert.Equal("handshake", Status(hook, "type")));

        receiver.Answer = Receiver.Status(200);
        await BecomesActive(council, made.Text("id"));
        await Eventually.UntilAsync(
            () => Task.FromResult(receiver.Received),
            received => received.Count(hook => Status(hook, "type") == "event-notification") == 2
        );

        var events = receiver.Received.Where(hook => Status(hook, "type") == "event-notification").ToList();
        Assert.Equal(["1", "2"], events.Select(hook => Event(hook, "event-number")).Order());
        // They were made while it was requested, and are sent when it is active.
        Assert.All(events, hook => Assert.Equal("active", Status(hook, "status")));
        Assert.All(events, hook =>
            Assert.Equal(
                ("application/fhir+json", 1),
                (hook.ContentType, hook.Event.GetProperty("entry").GetArrayLength())
            )
        );
        var focus = Event(events[0], "focus");
        Assert.StartsWith($"{hub.Service.Address}fhir/Communication/", focus, StringComparison.Ordinal);
        var communication = await Fhir(council, focus);
        Assert.Equal(
            ("Communication", "in-progress", "urgent"),
            (communication.Text("resourceType"), communication.Text("status"), communication.Text("priority"))
        );
        Assert.Contains(communication.GetProperty("about").EnumerateArray(), about =>
            about.Text("identifier", "value") == "CP-1041"
        );
        Assert.Contains(
            "St Elsewhere",
            communication.GetProperty("payload")[0].Text("contentString"),
            StringComparison.Ordinal
        );
        Assert.Contains(communication.GetProperty("payload").EnumerateArray(), line =>
            line.Text("contentString") == "Given name: the same."
        );
        await council.Post($"/alerts/{focus.Split('/')[^1]}/acknowledge");
        Assert.Equal("completed", (await Fhir(council, focus)).Text("status"));
        await Eventually.UntilAsync(
            () => Fhir(council, $"/fhir/Subscription/{made.Text("id")}"),
            subscription => subscription.Text("status") == "active"
        );
        Assert.Equal(
            404,
            (int)
                (
                    await hub.ACouncil()
                        .Http.GetAsync(
                            new Uri($"/fhir/{focus}", UriKind.Relative),
                            TestContext.Current.CancellationToken
                        )
                ).StatusCode
        );
    }

    [Fact]
    public async Task A_full_resource_carries_the_alert_and_events_catch_up_over_what_was_missed()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        var id = (
            await Send(council, HttpMethod.Post, "/fhir/Subscription", A(receiver.Url, "full-resource"), 201)
        ).Text("id");
        await receiver.AtLeast(1);
        var match = hub.AMatch(council);
        await hub.Publish(match);
        await hub.Pass(TimeSpan.FromSeconds(1), () => receiver.Received.Count >= 2);
        var raised = receiver.Received[1];
        Assert.Equal("in-progress", raised.Event.GetProperty("entry")[1].GetProperty("resource").Text("status"));
        Assert.Equal(
            match.EncounterId.ToString(),
            raised
                .Event.GetProperty("entry")[1]
                .GetProperty("resource")
                .GetProperty("about")
                .EnumerateArray()
                .Single(about => about.Text("type") == "Encounter")
                .Text("identifier", "value")
        );

        await hub.Publish(
            new MatchWithdrawn(match.EncounterId, council.Code, 2, WithdrawalReason.EncounterEnteredInError)
        );
        await hub.Pass(TimeSpan.FromSeconds(1), () => receiver.Received.Count >= 3);

        var withdrawn = receiver.Received[2].Event.GetProperty("entry")[1].GetProperty("resource");
        Assert.Equal(
            ("entered-in-error", false),
            (withdrawn.Text("status"), withdrawn.GetRawText().Contains("Elsewhere", StringComparison.Ordinal))
        );
        var missed = await Fhir(council, $"/fhir/Subscription/{id}/$events?eventsSinceNumber=2");
        Assert.Equal(
            ("history", "2"),
            (
                missed.Text("type"),
                missed
                    .GetProperty("entry")[0]
                    .GetProperty("resource")
                    .GetProperty("parameter")
                    .EnumerateArray()
                    .Single(parameter => parameter.Text("name") == "notification-event")
                    .GetProperty("part")[0]
                    .Text("valueString")
            )
        );
        Assert.Equal("entered-in-error", missed.GetProperty("entry")[1].GetProperty("resource").Text("status"));
        var status = await Fhir(council, $"/fhir/Subscription/{id}/$status");
        Assert.Equal(
            "2",
            status
                .GetProperty("entry")[0]
                .GetProperty("resource")
                .GetProperty("parameter")
                .EnumerateArray()
                .Single(parameter => parameter.Text("name") == "events-since-subscription-start")
                .Text("valueString")
        );
        foreach (var path in new[] { "", "/$status", "/$events" })
        {
            Assert.Equal(
                404,
                (int)
                    (
                        await hub.ACouncil()
                            .Http.GetAsync(
                                new Uri($"/fhir/Subscription/{id}{path}", UriKind.Relative),
                                TestContext.Current.CancellationToken
                            )
                    ).StatusCode
            );
        }
    }

    [Fact]
    public async Task A_heartbeat_comes_when_nothing_else_has_and_a_failing_endpoint_is_never_switched_off()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        var id = (
            await Send(council, HttpMethod.Post, "/fhir/Subscription", A(receiver.Url, "id-only", heartbeat: 60), 201)
        ).Text("id");
        await receiver.AtLeast(1);

        await hub.Pass(TimeSpan.FromSeconds(20), () =>
            receiver.Received.Any(hook => Status(hook, "type") == "heartbeat")
        );

        receiver.Answer = Receiver.Status(500);
        // On a busy machine the first heartbeat may run into its time-out, since the clock is moved on meanwhile.
        await hub.Pass(TimeSpan.FromSeconds(20), () =>
        {
            var subscription = Fhir(council, $"/fhir/Subscription/{id}").Result;
            return subscription.Text("status") == "error"
                && subscription.Text("error").Contains("serverError", StringComparison.Ordinal);
        });
        receiver.Answer = Receiver.Status(200);
        await hub.Pass(TimeSpan.FromSeconds(20), () =>
            Fhir(council, $"/fhir/Subscription/{id}").Result.Text("status") == "active"
        );
    }

    [Theory]
    [InlineData(403)]
    [InlineData(410)]
    [InlineData(503)]
    public async Task A_refused_handshake_is_tried_again_and_each_notification_says_how_the_subscription_stands(
        int status
    )
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(status);
        var council = hub.ACouncil();
        var id = (
            await Send(council, HttpMethod.Post, "/fhir/Subscription", A(receiver.Url, "full-resource"), 201)
        ).Text("id");
        await Eventually.UntilAsync(
            () => Fhir(council, $"/fhir/Subscription/{id}"),
            subscription => subscription.Text("status") == "error"
        );
        await hub.Publish(hub.AMatch(council));
        await council.Alert(_ => true);
        receiver.Answer = Receiver.Status(200);

        await BecomesActive(council, id);
        await Eventually.UntilAsync(
            () => Task.FromResult(receiver.Received),
            received => received.Any(hook => Status(hook, "type") == "event-notification")
        );

        Assert.Equal(
            ["requested", "error", "active"],
            receiver.Received.Select(hook => Status(hook, "status")).Distinct()
        );
        Assert.Equal("active", (await Fhir(council, $"/fhir/Subscription/{id}")).Text("status"));
    }

    [Theory]
    [InlineData("requested")]
    [InlineData("error")]
    [InlineData("active")]
    [InlineData("off")]
    [InlineData("ended")]
    public async Task What_GET_gave_is_taken_by_PUT_and_changes_nothing(string standing)
    {
        await using var receiver = await Receiver.StartAsync();
        var headers = new System.Collections.Concurrent.ConcurrentQueue<string>();
        receiver.Answer = http =>
        {
            headers.Enqueue(http.Request.Headers.Authorization.ToString());
            return standing is "requested"
                ? receiver.Hang(http)
                : Receiver.Status(standing is "error" ? 500 : 200)(http);
        };
        var council = hub.ACouncil();
        var wanted = A(receiver.Url, "full-resource", heartbeat: 600, header: "Authorization: Bearer theirs");
        if (standing == "off")
            wanted["status"] = "off";
        if (standing == "ended")
            wanted["end"] = hub.Clock.GetUtcNow().AddMinutes(1).ToString("O");
        var id = (await Send(council, HttpMethod.Post, "/fhir/Subscription", wanted, 201)).Text("id");
        if (standing is "ended")
            hub.Clock.Advance(TimeSpan.FromMinutes(2));
        var given = await Eventually.UntilAsync(
            () => Fhir(council, $"/fhir/Subscription/{id}"),
            given => given.Text("status") == (standing == "ended" ? "off" : standing)
        );
        Assert.Contains("Authorization: (not shown)", given.GetRawText(), StringComparison.Ordinal);

        var again = await Send(
            council,
            HttpMethod.Put,
            $"/fhir/Subscription/{id}",
            JsonNode.Parse(given.GetRawText())!,
            200
        );

        Assert.Equal(Without(given), Without(again));
        if (standing is not "active")
            return;
        var before = headers.Count;
        await hub.Publish(hub.AMatch(council));
        await Eventually.UntilAsync(() => Task.FromResult(headers.Count), count => count > before);
        Assert.Equal("Bearer theirs", headers.Last());

        static string Without(JsonElement subscription)
        {
            var json = JsonNode.Parse(subscription.GetRawText())!.AsObject();
            json["meta"]!.AsObject().Remove("lastUpdated");
            json.Remove("error");
            return json.ToJsonString();
        }
    }

    [Fact]
    public async Task Its_subscriber_is_shown_the_secret_for_v1_once_and_the_key_for_v1a_always()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        var made = await Send(council, HttpMethod.Post, "/fhir/Subscription", A(receiver.Url, "id-only"), 201);
        var secret = Extension(made, "webhook-secret")!;

        Endpoint_that_fails.AssertSigned(secret, (await receiver.AtLeast(1))[0]);
        var read = await Fhir(council, $"/fhir/Subscription/{made.Text("id")}");
        Assert.Null(Extension(read, "webhook-secret"));
        Assert.Equal(Extension(made, "webhook-public-key"), Extension(read, "webhook-public-key"));
        await Send(
            council,
            HttpMethod.Put,
            $"/fhir/Subscription/{made.Text("id")}",
            JsonNode.Parse(made.GetRawText())!,
            200
        );
        var changed = JsonNode.Parse(made.GetRawText())!;
        foreach (var extension in changed["channel"]!["extension"]!.AsArray())
            extension!["valueString"] = "whsec_c3ludGhldGlj";
        Assert.Equal(
            "Subscription.channel.extension",
            (await Send(council, HttpMethod.Put, $"/fhir/Subscription/{made.Text("id")}", changed, 422))
                .GetProperty("issue")[0]
                .GetProperty("expression")[0]
                .GetString()
        );
        var rotated = (await council.Post($"/subscriptions/{made.Text("id")}/rotate-secret")).Body.Text("secret");
        await hub.Publish(hub.AMatch(council));
        var hook = await Eventually.UntilAsync(
            () =>
                Task.FromResult(receiver.Received.LastOrDefault(hook => Status(hook, "type") == "event-notification")),
            hook => hook is not null
        );
        Endpoint_that_fails.AssertSigned(rotated, hook!);
        Endpoint_that_fails.AssertSigned(secret, hook!);

        static string? Extension(JsonElement subscription, string name) =>
            subscription
                .GetProperty("channel")
                .GetProperty("extension")
                .EnumerateArray()
                .Where(extension => extension.Text("url").EndsWith($"/{name}", StringComparison.Ordinal))
                .Select(extension => extension.Text("valueString"))
                .SingleOrDefault();
    }

    [Theory]
    [InlineData("criteria", "Encounter?status=arrived", "Subscription.criteria")]
    [InlineData("channel.type", "email", "Subscription.channel.type")]
    [InlineData("channel.payload", "application/fhir+xml", "Subscription.channel.payload")]
    [InlineData("content", "empty", "Subscription.channel.payload.extension")]
    [InlineData("heartbeat", "5", "Subscription.channel.extension")]
    [InlineData("end", "2020-01-01T00:00:00Z", "Subscription.end")]
    [InlineData("channel.endpoint", "http://169.254.169.254/latest", "Subscription.channel.endpoint")]
    [InlineData("header", "Content-Type: text/plain", "Subscription.channel.header[0]")]
    [InlineData("header", "no colon", "Subscription.channel.header[0]")]
    public async Task What_the_hub_does_not_do_is_refused_with_the_element_and_the_reason(
        string what,
        string value,
        string expression
    )
    {
        var wanted = A(
            new Uri("http://127.0.0.1:9/hooks"),
            what == "content" ? value : "id-only",
            heartbeat: what == "heartbeat" ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : null,
            header: what == "header" ? value : null
        );
        if (what is "criteria" or "end")
            wanted[what] = value;
        if (what.StartsWith("channel.", StringComparison.Ordinal))
            wanted["channel"]![what["channel.".Length..]] = value;

        var outcome = await Send(hub.ACouncil(), HttpMethod.Post, "/fhir/Subscription", wanted, 422);

        var issue = outcome.GetProperty("issue")[0];
        Assert.Equal(
            ("OperationOutcome", expression),
            (outcome.Text("resourceType"), issue.GetProperty("expression")[0].GetString())
        );
        Assert.NotEmpty(issue.Text("diagnostics"));
        Assert.DoesNotContain(value, value.Length > 5 ? outcome.GetRawText() : "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("""{"resourceType":"Patient"}""", 400)]
    [InlineData("""{"resourceType":"Subscription","colour":"blue"}""", 400)]
    [InlineData("[]", 400)]
    [InlineData("""{"resourceType":5}""", 400)]
    [InlineData("""{"resourceType":"Subscription","channel":[1]}""", 400)]
    [InlineData("""{"resourceType":"Subscription","channel":{"header":[null],"_header":[null]}}""", 400)]
    [InlineData("""{"resourceType":"Subscription"}""", 400)]
    [InlineData(
        """{"resourceType":"Subscription","channel":{"type":"rest-hook","endpoint":["https://a.example","https://a.example"]}}""",
        400
    )]
    [InlineData("""{"resourceType":"Subscription","status":"requested","reason":{"v":"A"},"contained":"x"}""", 400)]
    public async Task What_is_no_Subscription_is_refused_as_such(string body, int status)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/fhir+json");
        var answer = await hub.ACouncil()
            .Http.PostAsync(
                new Uri("/fhir/Subscription", UriKind.Relative),
                content,
                TestContext.Current.CancellationToken
            );

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(
            "OperationOutcome",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task It_is_changed_switched_off_listed_and_deleted_by_its_own_council_only()
    {
        await using var receiver = await Receiver.StartAsync();
        var council = hub.ACouncil();
        var id = (await Send(council, HttpMethod.Post, "/fhir/Subscription", A(receiver.Url, "id-only"), 201)).Text(
            "id"
        );
        var off = A(receiver.Url, "id-only");
        (off["id"], off["status"]) = (id, "off");

        Assert.Equal("off", (await Send(council, HttpMethod.Put, $"/fhir/Subscription/{id}", off, 200)).Text("status"));
        await Send(hub.ACouncil(), HttpMethod.Put, $"/fhir/Subscription/{id}", off, 404);
        Assert.Equal(1, (await Fhir(council, "/fhir/Subscription")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await Fhir(hub.ACouncil(), "/fhir/Subscription")).GetProperty("total").GetInt32());
        Assert.Equal(
            404,
            (int)
                (
                    await hub.ACouncil()
                        .Http.DeleteAsync(
                            new Uri($"/fhir/Subscription/{id}", UriKind.Relative),
                            TestContext.Current.CancellationToken
                        )
                ).StatusCode
        );
        Assert.Equal(
            204,
            (int)
                (
                    await council.Http.DeleteAsync(
                        new Uri($"/fhir/Subscription/{id}", UriKind.Relative),
                        TestContext.Current.CancellationToken
                    )
                ).StatusCode
        );
        var statement = await hub
            .Service.Anonymous()
            .GetStringAsync(new Uri("/fhir/metadata", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains(Topic, statement, StringComparison.Ordinal);
        var said = JsonNode.Parse(statement)!;
        Assert.EndsWith(
            "/connect/token",
            (string?)said["rest"]![0]!["security"]!["extension"]![0]!["extension"]![0]!["valueUri"],
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["Communication: read ", "Subscription: create search-type read update delete status events"],
            said["rest"]![0]!["resource"]!
                .AsArray()
                .Select(resource =>
                    $"{resource!["type"]}: {Join(resource["interaction"], "code")} {Join(resource["operation"], "name")}"
                )
                .Order(StringComparer.Ordinal)
        );

        static string Join(JsonNode? list, string member) =>
            string.Join(' ', (list as JsonArray ?? []).Select(one => (string?)one![member]));
    }

    // In steps far below the time that an endpoint has to answer, so that no attempt under way runs out of it.
    private Task BecomesActive(Desk council, string id) =>
        hub.Pass(TimeSpan.FromMilliseconds(400), () =>
            Fhir(council, $"/fhir/Subscription/{id}").Result.Text("status") == "active"
        );

    private static JsonObject A(Uri endpoint, string content, int? heartbeat = null, string? header = null)
    {
        var channel = new JsonObject
        {
            ["type"] = "rest-hook",
            ["endpoint"] = endpoint.ToString(),
            ["payload"] = "application/fhir+json",
            ["_payload"] = new JsonObject
            {
                ["extension"] = new JsonArray(
                    new JsonObject { ["url"] = Guide + "backport-payload-content", ["valueCode"] = content }
                ),
            },
        };
        if (heartbeat is { } seconds)
        {
            channel["extension"] = new JsonArray(
                new JsonObject { ["url"] = Guide + "backport-heartbeat-period", ["valueUnsignedInt"] = seconds }
            );
        }

        if (header is not null)
            channel["header"] = new JsonArray(header);
        return new JsonObject
        {
            ["resourceType"] = "Subscription",
            ["status"] = "requested",
            ["reason"] = "Alerts",
            ["criteria"] = Topic,
            ["channel"] = channel,
        };
    }

    private static async Task<JsonElement> Send(Desk council, HttpMethod method, string path, JsonNode body, int status)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/fhir+json"),
        };
        var answer = await council.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<JsonElement> Fhir(Desk council, string path)
    {
        var kind = path.StartsWith('/') ? UriKind.Relative : UriKind.Absolute;
        var answer = await council.Http.GetAsync(new Uri(path, kind));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }

    private static string Status(Hook hook, string name)
    {
        var parameter = hook
            .Event.GetProperty("entry")[0]
            .GetProperty("resource")
            .GetProperty("parameter")
            .EnumerateArray()
            .Single(parameter => parameter.Text("name") == name);
        return parameter
            .EnumerateObject()
            .Single(property => property.Name.StartsWith("value", StringComparison.Ordinal))
            .Value.GetString()!;
    }

    private static string Event(Hook hook, string name)
    {
        var part = hook
            .Event.GetProperty("entry")[0]
            .GetProperty("resource")
            .GetProperty("parameter")
            .EnumerateArray()
            .Single(parameter => parameter.Text("name") == "notification-event")
            .GetProperty("part")
            .EnumerateArray()
            .Single(part => part.Text("name") == name);
        return name == "focus"
            ? part.Text("valueReference", "reference")
            : part.EnumerateObject()
                .Single(property => property.Name.StartsWith("value", StringComparison.Ordinal))
                .Value.GetString()!;
    }
}
