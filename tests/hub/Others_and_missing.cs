using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;
using Safeguarding.Hosting.Access;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Own, others' and missing, over every route of the running services that names a thing in its path or its body: the
/// routes and their bodies are those of their OpenAPI documents, the things are every id that the tables hold.
/// </summary>
public sealed partial class Others_and_missing(HubServers servers)
{
    // They answer everybody alike; a look-up shows plans of all councils (decision 27).
    private static readonly string[] OfAnybody = ["/fhir/CodeSystem/{id}", "/events/{type}", "/lookups"];

    // By its claim alone, which the tests of matching make.
    private static readonly string[] NotMadeHere = ["/reviews/{reviewId}/release"];

    private static readonly string Child = Synthetic.NhsNumber(7_700_001).Reveal();

    // Where the example of the document is refused for what it says, an owner's and a stranger's would be alike.
    private static readonly Dictionary<string, (string Type, string Text)> Written = new()
    {
        ["put /plans/{reference}"] = ("application/json", Plan("null", "Dunmarrow", "2013-04-04")),
        ["put /fhir/Encounter/{id}"] = (
            "application/fhir+json",
            EncounterOf(null, "Brackenfold", "2015-03-03", $"\"id\":\"{Example}\",")
        ),
        ["post /subscriptions/{id}/test"] = ("application/json", "{}"),
        ["put /subscriptions/{id}"] = ("application/json", """{"url":"http://127.0.0.1:9/others"}"""),
        ["put /fhir/Subscription/{id}"] = (
            "application/fhir+json",
            Subscription.Replace("\"status\"", $"\"id\":\"{Example}\",\"status\"", StringComparison.Ordinal)
        ),
    };

    private const string Subscription = """
        {"resourceType":"Subscription","status":"requested","reason":"Alerts",
         "criteria":"https://safeguarding-hub.uk/fhir/SubscriptionTopic/alert",
         "channel":{"type":"rest-hook","endpoint":"http://127.0.0.1:9/fhir","payload":"application/fhir+json",
         "_payload":{"extension":[{"url":"http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content","valueCode":"full-resource"}]}}}
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Anothers_thing_is_answered_as_one_that_is_missing_and_ones_own_is_not()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        await FillAsync(hub);
        string[] names = ["plan-registry", "encounter-ingest", "matching", "notification"];
        var wrong = new List<string>();
        var compared = 0;
        foreach (var name in names)
        {
            using var caller = new HttpClient { BaseAddress = hub.Service(name).Address };
            var (routes, things) = (await RoutesAsync(caller), await ThingsAsync(hub, name.Replace('-', '_')));
            // What a stranger writes belongs to the stranger from then on, and what an owner deletes is gone.
            foreach (var route in routes.OrderBy(route => route.Method is "put"))
                compared += await CheckAsync(caller, route, Stranger(route), things, wrong);
            foreach (var route in routes.Where(route => !NotMadeHere.Any(route.Path.StartsWith)))
            {
                if (!await IsFoundAsync(caller, route, things))
                    wrong.Add($"{name} {route}: its owner is answered as of what is missing");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(compared > 500, $"only {compared} answers");
    }

    [Fact]
    public async Task Of_identity_too()
    {
        const string system = "own-system";
        await using var identity = await IdentityUnderTest.StartAsync(servers, AClient(system));
        var session = Guid.CreateVersion7();
        await using (var database = NpgsqlDataSource.Create(identity.Service.Surroundings.Database))
        await using (
            var command = database.CreateCommand(
                $"""
                INSERT INTO identity.session (id, client_id, rule, refresh_id, started_at, used_at, subject, organisation, role)
                VALUES ('{session:N}', 'portal', 'rule', '', now(), now(), 'test|1', '{HubUnderTest.Council}', 'duty-worker')
                """
            )
        )
        {
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        using var caller = identity.Service.Anonymous();
        var wrong = new List<string>();
        var routes = await RoutesAsync(caller);
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            await CheckAsync(caller, route, Stranger(route), [session.ToString(), system], wrong);
            Assert.True(await IsFoundAsync(caller, route, [session.ToString(), system]), $"{route}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string AClient(string id)
    {
        using var key = RSA.Create(2048);
        var open = key.ExportParameters(includePrivateParameters: false);
        return $$$"""
            {"id":"{{{id}}}","organisation":"{{{HubUnderTest.Council}}}","scopes":["alert.read"],"jwks":{"keys":[{"kty":"RSA",
            "use":"sig","alg":"RS512","kid":"{{{id}}}-1","n":"{{{Base64Url.EncodeToString(open.Modulus)}}}",
            "e":"{{{Base64Url.EncodeToString(open.Exponent)}}}"}]}}
            """;
    }

    // One of everything that can be asked for.
    private static async Task FillAsync(HubUnderTest hub)
    {
        using (var desk = As(hub.PlanRegistry, HubUnderTest.Council, "council.write", "plan.write"))
        {
            await TakenAsync(
                desk.PutAsync(
                    $"/councils/{HubUnderTest.Council}",
                    Json("""{"name":"N","officePhone":"0161 496 0872","emergencyDutyPhone":"0161 496 0873"}"""),
                    Cancelled
                )
            );
            await TakenAsync(
                desk.PutAsync("/plans/CP-1", Json(Plan($"\"{Child}\"", "Anderby", "2016-02-02")), Cancelled)
            );
            await TakenAsync(desk.PutAsync("/plans/CP-2", Json(Plan("null", "Brackenfold", "2015-03-03")), Cancelled));
            using var file = new StringContent(
                "reference,kind,start_date,identifier_state,family_name,given_names,birth_date\n"
                    + "CP-3,child-protection,2026-01-01,unknown,Cavendry,Lowa,2014-05-05\n"
                    + "CP-4,child-protection,never,unknown,Cavendry,Lowa,2014-05-05\n",
                Encoding.UTF8,
                "text/csv"
            );
            await TakenAsync(desk.PostAsync("/uploads?mode=changes&sequence=1", file, Cancelled));
        }

        using (var second = As(hub.PlanRegistry, HubUnderTest.OtherCouncil, "plan.write"))
        {
            await TakenAsync(
                second.PutAsync("/plans/X-1", Json(Plan($"\"{Child}\"", "Anderby", "2016-02-02")), Cancelled)
            );
        }

        using (var system = As(hub.Notification, HubUnderTest.Council, "subscription.write", "rules.write"))
        {
            await TakenAsync(
                system.PutAsync("/subscriptions/test", Json("""{"url":"http://127.0.0.1:9/hooks"}"""), Cancelled)
            );
            await TakenAsync(
                system.PostAsync("/fhir/Subscription", Json(Subscription, "application/fhir+json"), Cancelled)
            );
        }

        using (var epr = As(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit", "site.write"))
        {
            await TakenAsync(
                epr.PutAsync(
                    $"/organisations/{HubUnderTest.Trust}/sites/{HubUnderTest.Trust}",
                    Json("""{"name":"N","setting":"emergencyDepartment","phone":"0161 496 0871"}"""),
                    Cancelled
                )
            );
            foreach (
                var (number, family, born) in new[]
                {
                    (Child, "Anderby", "2016-02-02"),
                    (null, "Brackenfold", "2015-03-03"),
                }
            )
            {
                await TakenAsync(
                    epr.PostAsync(
                        "/fhir/Encounter",
                        Json(EncounterOf(number, family, born), "application/fhir+json"),
                        Cancelled
                    )
                );
            }
        }

        using (var nurse = new HttpClient { BaseAddress = hub.PlanRegistry.Address })
        {
            nurse.DefaultRequestHeaders.Authorization = Person(HubUnderTest.Trust, "clinician-unscheduled");
            await TakenAsync(
                nurse.PostAsync(
                    "/lookups",
                    Json(
                        $$"""{"nhsNumber":"{{Child}}","purpose":"break-glass","reason":"Found alone in the street"}"""
                    ),
                    Cancelled
                )
            );
        }

        await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
        await Eventually.UntilAsync(
            async () =>
            {
                await using var command = database.CreateCommand(
                    """
                    SELECT (SELECT count(*) FROM notification.alert WHERE council_code = $1) > 0
                        AND (SELECT count(*) FROM matching.review WHERE council_code = $1) > 0
                        AND (SELECT count(*) FROM notification.registration_notice) > 0
                        AND (SELECT count(*) FROM notification.delivery_attempt) > 0
                    """
                );
                command.Parameters.Add(new() { Value = HubUnderTest.Council });
                return (bool)(await command.ExecuteScalarAsync(Cancelled))!;
            },
            done => done,
            TimeSpan.FromMinutes(3)
        );
        using (var desk = As(hub.Notification, HubUnderTest.Council, "alert.read"))
            await TakenAsync(desk.PostAsync("/alerts/claim", Json("{}"), Cancelled));

        HttpClient As(ServiceProcess service, string organisation, params string[] scopes) =>
            hub.Client(service, organisation, scopes);
        AuthenticationHeaderValue Person(string organisation, string role) =>
            new("Bearer", hub.Surroundings.Servers.Issuer.PersonToken(organisation, role));
    }

    /// <summary>Every id that the service's tables hold, and the names that its callers gave things.</summary>
    private static async Task<List<string>> ThingsAsync(HubUnderTest hub, string schema)
    {
        await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
        var columns = new List<(string Table, string Column)>();
        await using (
            var command = database.CreateCommand(
                """
                SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = $1 AND data_type = 'uuid' AND table_name !~ '^(audit|inbox|outbox|receipt|parked|account)'
                """
            )
        )
        {
            command.Parameters.Add(new() { Value = schema });
            await using var reader = await command.ExecuteReaderAsync(Cancelled);
            while (await reader.ReadAsync(Cancelled))
                columns.Add((reader.GetString(0), reader.GetString(1)));
        }

        List<string> things = ["CP-1", "CP-2", "test", HubUnderTest.Council, HubUnderTest.Trust];
        foreach (var (table, column) in columns)
        {
            await using var command = database.CreateCommand(
                $"SELECT DISTINCT \"{column}\" FROM {schema}.\"{table}\" WHERE \"{column}\" IS NOT NULL LIMIT 2"
            );
            await using var reader = await command.ExecuteReaderAsync(Cancelled);
            while (await reader.ReadAsync(Cancelled))
                things.Add(reader.GetGuid(0).ToString());
        }

        if (schema == "notification")
        {
            // A FHIR Subscription's is the hub's to give.
            await using var command = database.CreateCommand("SELECT name FROM notification.subscription");
            await using var reader = await command.ExecuteReaderAsync(Cancelled);
            while (await reader.ReadAsync(Cancelled))
                things.Add(reader.GetString(0));
        }

        return [.. things.Distinct()];
    }

    /// <summary>The routes that name a thing of some organisation.</summary>
    private static async Task<List<Route>> RoutesAsync(HttpClient service)
    {
        var document = JsonNode.Parse(await service.GetStringAsync("/openapi/v1.json", Cancelled))!;
        var routes =
            from path in document["paths"]!.AsObject()
            from method in path.Value!.AsObject()
            where method.Key is "get" or "post" or "put" or "delete" && !OfAnybody.Contains(path.Key)
            // Reference data needs a token and no scope, and belongs to no organisation.
            let scope = (string?)method.Value!["security"]?[0]?["oauth2"]?.AsArray().FirstOrDefault()
            let kinds = HubRoles.Scopes.SingleOrDefault(one => one.Scope == scope)?.Organisations
            // An operator sees what is the hub's own; who may change numbers, all of them.
            where kinds is not null && kinds.Any(kind => kind is not OrganisationKind.Hub)
            from body in Bodies(method.Key, method.Value!["requestBody"]?["content"]?.AsObject(), path.Key)
            where path.Key.Contains('{') || body?.Text.Contains(Example, StringComparison.Ordinal) == true
            orderby method.Key is "delete" ? 3
            : method.Key is "put" ? 2
            : method.Key is "post" ? 1
            : 0
            select new Route(method.Key, path.Key, scope!, body);
        return [.. routes];
    }

    // Of the example of a body, the members that name something, each by itself; of a path with ids the whole.
    private static IEnumerable<(string Type, string Text)?> Bodies(string method, JsonObject? content, string path)
    {
        if (Written.TryGetValue($"{method} {path}", out var written))
            return [written];
        if (content?.FirstOrDefault() is not { Value: { } media } first || media["example"] is not { } example)
            return [null];
        if (path.Contains('{') || example is not JsonObject members)
            return [(first.Key, example.ToJsonString())];
        return members
            .Where(member => member.Key is "nhsNumber" or "plan" or "plans" or "claimId")
            .Select(member => ((string, string)?)(first.Key, Named(member.Key, member.Value!)));

        static string Named(string name, JsonNode value) =>
            name is "nhsNumber" or "plan"
                ? $$"""{"{{name}}":"{{Example}}"}"""
                : new JsonObject { [name] = value.DeepClone() }.ToJsonString();
    }

    // Nothing that the stranger is answered may hang on which thing it names.
    private static async Task<int> CheckAsync(
        HttpClient service,
        Route route,
        AuthenticationHeaderValue stranger,
        List<string> things,
        List<string> wrong
    )
    {
        var missing = new Dictionary<string, string>();
        foreach (var thing in Named(route, things))
        {
            var none = Missing(route, thing);
            if (!missing.TryGetValue(none, out var expected))
                missing[none] = expected = await AnswerAsync(service, route, stranger, none);
            var others = await AnswerAsync(service, route, stranger, thing);
            if (others != expected)
                wrong.Add($"{route} of {thing}: {others}\n    of what is missing: {expected}");
        }

        return things.Count;
    }

    private async Task<bool> IsFoundAsync(HttpClient service, Route route, IReadOnlyList<string> things)
    {
        foreach (var organisation in (string[])[HubUnderTest.Council, HubUnderTest.OtherCouncil, HubUnderTest.Trust])
        {
            if (TokenFor(route, organisation) is not { } owner)
                continue;
            foreach (var thing in Named(route, things))
            {
                if (
                    await AnswerAsync(service, route, owner, thing)
                    != await AnswerAsync(service, route, owner, Missing(route, thing))
                )
                {
                    return true;
                }
            }
        }

        return false;
    }

    private AuthenticationHeaderValue Stranger(Route route) =>
        ((string[])["E08999909", "RZ9", "44"])
            .Select(code => TokenFor(route, code))
            .OfType<AuthenticationHeaderValue>()
            .First();

    // A person where only people may.
    private AuthenticationHeaderValue? TokenFor(Route route, string organisation)
    {
        var (kind, scope) = (
            OrganisationKinds.Of(organisation)!.Value,
            HubRoles.Scopes.Single(one => one.Scope == route.Scope)
        );
        if (!scope.Organisations.Contains(kind))
            return null;
        if (!scope.OnlyPeople)
            return new("Bearer", servers.Issuer.Token(organisation, route.Scope));
        var role = HubRoles.All.FirstOrDefault(one =>
            one.IsForPeople && one.Organisations.Contains(kind) && one.Scopes.Contains(route.Scope)
        );
        return role is null ? null : new("Bearer", servers.Issuer.PersonToken(organisation, role.Role, person: "2"));
    }

    private static IEnumerable<string> Named(Route route, IReadOnlyList<string> things) =>
        route.Body?.Text.StartsWith("{\"nhsNumber\"", StringComparison.Ordinal) == true ? [Child] : things;

    // Of the same form, for a form is refused by itself; and of each method another, for a PUT makes it.
    private static string Missing(Route route, string thing) =>
        Guid.TryParse(thing, out _) ? $"00000000-0000-7000-8000-00000000000{route.Method.Length}"
        : thing == Child ? Synthetic.NhsNumber(7_700_999).Reveal()
        : thing == HubUnderTest.Council ? "E08999999"
        : thing == HubUnderTest.Trust ? "RZ8"
        : thing.StartsWith("CP-", StringComparison.Ordinal) ? $"CP-9{route.Method}"
        : $"no-such{route.Method.Length}";

    private static async Task<string> AnswerAsync(
        HttpClient service,
        Route route,
        AuthenticationHeaderValue caller,
        string thing
    )
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(route.Method.ToUpperInvariant()),
            Parameter().Replace(route.Path.Replace("{id}/deliveries/{delivery}", "test/deliveries/{delivery}"), thing)
        );
        request.Headers.Authorization = caller;
        if (route.Body is var (type, text))
        {
            request.Content = new StringContent(text.Replace(Example, thing, StringComparison.Ordinal));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        using var answer = await service.SendAsync(request, Cancelled);
        var said = await answer.Content.ReadAsStringAsync(Cancelled);
        // What was named, what was made for the answer, and when.
        said = Made().Replace(said.Replace(thing, "THING", StringComparison.Ordinal), "MADE");
        return string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {said}");
    }

    private static string Plan(string number, string family, string born) =>
        $$$"""
            {"kind":"child-protection","startDate":"2026-01-01","subject":{
             "identifier":{"state":"{{{(number == "null" ? "unknown" : "known")}}}","nhsNumber":{{{number}}}},
             "names":[{"use":"usual","family":"{{{family}}}","given":["Maudlin"]}],"birthDate":"{{{born}}}","sex":"female"}}
            """;

    private static string EncounterOf(string? number, string family, string born, string id = "") =>
        $$$"""
            {"resourceType":"Encounter",{{{id}}}"contained":[{"resourceType":"Patient","id":"patient",
              "identifier":[{{{(
                number is null ? "" : $$"""{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{number}}"}"""
            )}}}],
              "name":[{"use":"official","family":"{{{family}}}","given":["Maudlin"]}],"gender":"female","birthDate":"{{{born}}}"}],
             "identifier":[{"system":"https://epr.example/encounter","value":"{{{family}}}"}],"status":"in-progress",
             "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"EMER"},
             "subject":{"reference":"#patient"},"period":{"start":"2026-11-20T10:00:00Z"}}
            """;

    private static StringContent Json(string body, string type = "application/json") => new(body, Encoding.UTF8, type);

    private static async Task TakenAsync(Task<HttpResponseMessage> request)
    {
        using var answer = await request;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    // The id in every example of the documents.
    private const string Example = "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f";

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(
        """[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)|wh(sec|pk)_[^"]+"""
    )]
    private static partial Regex Made();

    private sealed record Route(string Method, string Path, string Scope, (string Type, string Text)? Body)
    {
        public override string ToString() =>
            $"{Method.ToUpperInvariant()} {Path}{(Body is { } body ? $" {body.Text[..Math.Min(body.Text.Length, 60)]}" : "")}";
    }
}
