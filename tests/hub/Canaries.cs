using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Every field of every input that says something of a person, or that a person writes, has a text of its own. After
/// the hub has worked on them all, each is searched for wherever somebody could look who is not to know.
/// </summary>
public sealed class Canaries(HubServers servers)
{
    private const string Bus = "the bus";
    private const string Wal = "the write-ahead log";
    private const string Url = "the URL of a webhook";
    private const string Headers = "the headers of a webhook";
    private const string Body = "the body of a webhook";
    private const string Answers = "an answer to an error";
    private const string Sealed = "nobody";

    private static readonly string Number = Synthetic.NhsNumber(7_654_321).Reveal();
    private static readonly string MothersNumber = Synthetic.NhsNumber(7_654_322).Reveal();
    private static readonly string UploadedNumber = Synthetic.NhsNumber(7_654_323).Reveal();
    private static readonly string SearchedNumber = Synthetic.NhsNumber(7_654_324).Reveal();
    private static readonly string WrongNumber = Synthetic.NhsNumber(7_654_325).Reveal();

    /// <summary>What is written, where it may be found, and why.</summary>
    private static readonly Canary[] All =
    [
        .. Of(
            "who is meant by it; never in the clear",
            [],
            [Number, MothersNumber, UploadedNumber, SearchedNumber, WrongNumber],
            ["Zqaplanfamily", "Zqaplangiven", "Zqaplanformer", "2016-02-29", "ZZ77 7QX", "07700 900417"],
            ["Zqamotherfamily", "Zqamothergiven", "1988-02-29", "ZZ78 8QX"],
            ["Zqauploadfamily", "Zqauploadgiven", "Zqauploadalias", "2015-07-31", "ZZ79 9QX", "07700 900418"],
            ["Zqauploadmother", "Zqarefusedfamily"],
            ["Zqavisitalias", "ZZ76 6QX", "07700 900419", "Zqaline", "Zqacity", "Zqacontact", "Zqaprefix"],
            ["Zqasecondvisit", "Zqavisit1", "Zqasearchedvisit"],
            ["Zqanarrative", "Zqareason", "Zqadoctor", "Zqaflag", "Zqapractice"],
            ["Zqawrongfamily", "Zqawrongstatus"],
            OtherInputs.People
        ),
        .. Of("what a browser or a client shows for itself", [], OtherInputs.OfBrowsers),
        .. Of(
            "written by a person at work",
            [],
            [
                "Zqafirstreviewer",
                "Zqafirstreason",
                "Zqasecondreviewer",
                "Zqasecondreason",
                "Zqaundoer",
                "Zqaundoreason",
            ],
            ["Zqaacknowledger", "Zqarefuser", "Zqareplayreason", "Zqatoolongname"],
            OtherInputs.Words
        ),
        .. Of("the council's own way in, not the hub's to know", [], ["Zqalink"]),
        .. Of("where the child is: its council is told", [Body], ["Zqaward", "Zqaprovider"]),
        .. Of("called as the council gave it", [Url], ["Zqapath", "Zqakey"]),
        .. Of("sent as the council gave it", [Headers], ["Zqaheader"]),
        .. Of(
            "a telephone or name that an organisation gives to those it works with",
            [Bus, Wal, Body, "plan_registry.council", "notification.council", "encounter_ingest.site"],
            ["Zqacouncil", "0161 496 0872", "0161 496 0873", "Zqasite", "0161 496 0871"]
        ),
        .. Of(
            "the council's own reference of a plan, which says nothing of the child",
            [
                Bus,
                Wal,
                Body,
                "plan_registry.plan",
                "plan_registry.upload_line",
                "matching.plan",
                "matching.council_match",
                "notification.alert",
                "notification.registration_notice",
            ],
            ["zq-ref-17", "zq-ref-18"]
        ),
        .. Of(
            "who looked, made by identity of provider and its own id",
            [Wal, "notification.audit_record"],
            ["zqperson"]
        ),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Are_found_only_where_they_may_be()
    {
        await using var collector = await TelemetryCollector.StartAsync();
        await using var endpoint = await Endpoint.StartAsync();
        var folder = Directory.CreateTempSubdirectory("canaries-");
        var hl7Port = FreePort.Next();
        (string Key, string Value)[] told =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Endpoint),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ];
        await using var hub = await HubUnderTest.StartAsync(
            servers,
            [
                .. told,
                ("Hl7v2:SendersDirectory", OtherInputs.SendersIn(folder)),
                ("Hl7v2:Port", hl7Port.ToString(CultureInfo.InvariantCulture)),
            ]
        );
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "clients"), """{"clients":[]}""", Cancelled);
        await using var identity = ServiceProcess.Of("Safeguarding.Identity", hub.Surroundings.Settings);
        await identity.StartAgainAsync(
            mayDie: false,
            [
                .. told,
                ("Identity:Issuer", identity.Address.AbsoluteUri),
                ("Identity:ClientsFile", Path.Combine(folder.FullName, "clients")),
                ("Identity:KeysDirectory", Path.Combine(folder.FullName, "keys")),
                ("Identity:AllowClientSecrets", "true"),
            ]
        );
        await using var portal = await PortalUnderTest.StartAsync(hub.Surroundings, [.. told]);
        await using var database = NpgsqlDataSource.Create(hub.Surroundings.Database);
        await using var tap = await Tap.OnAsync(hub.Surroundings.VirtualHost);
        var from = await ValueAsync<string>(database, "SELECT pg_current_wal_lsn()::text");
        var answers = new List<string>();

        await SetUpAsync(hub, endpoint, answers);
        await RegisterAsync(hub, answers);
        await AttendAsync(hub, answers);
        await ReviewAsync(hub, answers);
        var others = new OtherInputs(hub, Number);
        await others.WriteOnAlertAsync();
        await AnswerAlertsAsync(hub, endpoint, answers);
        await others.SendAsync(hl7Port, answers);
        await OtherInputs.TryDoorsAsync(identity.Address, portal.Address);
        await EverythingIsSentAsync(database);
        ServiceProcess[] programs = [.. hub.Services, identity, portal];
        await EverythingIsExportedAsync(programs, collector);

        var places = new List<Place>
        {
            new(Answers, string.Join('\n', answers)),
            new("traces, metrics and logs at the collector", collector.Everything),
            new("names on the broker", await tap.NamesAsync()),
            new(Bus, string.Join('\n', await tap.TakeAsync())),
            new(Url, string.Join('\n', endpoint.Urls)),
            new(Headers, string.Join('\n', endpoint.Headers)),
            new(Body, string.Join('\n', endpoint.Bodies)),
        };
        places.AddRange(programs.Select(service => new Place($"the log of {service.Address.Port}", service.Log)));
        places.AddRange(await TablesAsync(database));
        places.AddRange(await LogsOfServersAsync(database));
        places.AddRange(await WalAsync(database, from));
        Assert.All(places, place =>
            Assert.True(place.Length > 0 || place.Name.Contains('.'), $"{place.Name} is empty")
        );

        var found =
            from place in places
            from canary in All
            where !canary.Permitted.Contains(place.Name) && place.Holds(canary)
            select $"{canary.Text} ({canary.Why}) is in {place.Name}";
        Assert.True(!found.Any(), string.Join('\n', found.Distinct()));
        folder.Delete(recursive: true);
        // The search finds what is there.
        Assert.All((string[])[Bus, Wal, Url, Headers, Body, "plan_registry.plan", "notification.audit_record"], name =>
            Assert.Contains(All, canary => places.Any(place => place.Name == name && place.Holds(canary)))
        );
    }

    private static async Task SetUpAsync(HubUnderTest hub, Endpoint endpoint, List<string> answers)
    {
        using var council = hub.Client(hub.PlanRegistry, HubUnderTest.Council, "council.write");
        await TakenAsync(
            council.PutAsync(
                $"/councils/{HubUnderTest.Council}",
                Json(
                    """
                    {"name":"Zqacouncil","officePhone":"0161 496 0872","emergencyDutyPhone":"0161 496 0873",
                     "officeHours":[{"day":"monday","opens":"09:00","closes":"17:00"}],"bankHolidays":[]}
                    """
                ),
                Cancelled
            )
        );
        using var trust = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "site.write");
        await TakenAsync(
            trust.PutAsync(
                $"/organisations/{HubUnderTest.Trust}/sites/{HubUnderTest.Trust}",
                Json("""{"name":"Zqasite","setting":"emergencyDepartment","phone":"0161 496 0871"}"""),
                Cancelled
            )
        );
        using var desk = hub.Client(hub.Notification, HubUnderTest.Council, "subscription.write");
        await TakenAsync(
            desk.PutAsync(
                "/subscriptions/test",
                Json(
                    $$$$"""
                    {"url":"{{{{endpoint.Address}}}}Zqapath?key=Zqakey","payload":"full","link":"https://case.example/Zqalink/{alert}"}
                    """
                ),
                Cancelled
            )
        );
        await TakenAsync(
            desk.PostAsync(
                "/fhir/Subscription",
                Json(
                    $$$$"""
                    {"resourceType":"Subscription","status":"requested","reason":"Alerts",
                     "criteria":"https://safeguarding-hub.uk/fhir/SubscriptionTopic/alert",
                     "channel":{"type":"rest-hook","endpoint":"{{{{endpoint.Address}}}}fhir",
                     "header":["Authorization: Bearer Zqaheader"],"payload":"application/fhir+json",
                     "_payload":{"extension":[{"url":"http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content","valueCode":"full-resource"}]}}}
                    """,
                    "application/fhir+json"
                ),
                Cancelled
            )
        );
        await RefusedAsync(
            desk.PutAsync("/subscriptions/other", Json("""{"url":"ftp://Zqakey.example/Zqapath"}"""), Cancelled),
            answers
        );
    }

    private static async Task RegisterAsync(HubUnderTest hub, List<string> answers)
    {
        using var council = hub.Client(hub.PlanRegistry, HubUnderTest.Council, "plan.write", "plan.read");
        var plan = $$$$"""
            {"kind":"child-protection","startDate":"2026-01-01","subject":{
             "identifier":{"state":"known","nhsNumber":"{{{{Number}}}}"},
             "names":[{"use":"usual","family":"Zqaplanfamily","given":["Zqaplangiven"]},
                      {"use":"former","family":"Zqaplanformer","given":["Zqaplangiven"]}],
             "birthDate":"2016-02-29","sex":"female","postcodes":[{"postcode":"ZZ77 7QX","former":false}],
             "phones":["07700 900417"]},
             "mother":{"identifier":{"state":"known","nhsNumber":"{{{{MothersNumber}}}}"},
             "names":[{"use":"usual","family":"Zqamotherfamily","given":["Zqamothergiven"]}],
             "birthDate":"1988-02-29","postcodes":[{"postcode":"ZZ78 8QX","former":false}]}}
            """;
        await TakenAsync(council.PutAsync("/plans/zq-ref-17", Json(plan), Cancelled));
        await RefusedAsync(
            council.PutAsync(
                "/plans/zq-ref-17",
                Json(plan.Replace("\"2026-01-01\"", "\"Zqaplanfamily\"", StringComparison.Ordinal)),
                Cancelled
            ),
            answers
        );
        await RefusedAsync(council.PutAsync("/plans/zq-ref-17", Json(plan[..^9]), Cancelled), answers);
        await TakenAsync(
            council.PostAsync("/plans/search", Json($$$$"""{"nhsNumber":"{{{{SearchedNumber}}}}"}"""), Cancelled)
        );

        // One without a number, which leaves a question, one with, and one that is refused.
        using var file = new StringContent(
            $"""
            reference,kind,start_date,nhs_number,identifier_state,family_name,given_names,other_names,birth_date,sex,postcode,phones,mother_nhs_number,mother_identifier_state,mother_family_name
            zq-ref-18,child-protection,2026-01-01,,unknown,Zqauploadfamily,Zqauploadgiven,,2015-07-31,male,,,,,
            zq-ref-19,child-protection,2026-01-01,{UploadedNumber},,Zqauploadfamily,Zqauploadgiven,"Zqauploadalias, Zqauploadgiven",2014-01-01,male,ZZ79 9QX,07700 900418,,unknown,Zqauploadmother
            zq-ref-20,child-protection,Zqarefusedfamily,{WrongNumber},,Zqarefusedfamily,Zqarefusedfamily,,2016-01-01,Zqarefusedfamily,Zqarefusedfamily,Zqarefusedfamily,,,Zqarefusedfamily
            """,
            Encoding.UTF8,
            "text/csv"
        );
        using var upload = await council.PostAsync("/uploads?mode=changes&sequence=1", file, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, upload.StatusCode);
        var report = await Eventually.UntilAsync(
            async () => JsonNode.Parse(await council.GetStringAsync(upload.Headers.Location, Cancelled))!,
            body => (string?)body["state"] is "completed" or "failed"
        );
        Assert.Equal("completed", (string?)report["state"]);
        // Its owner's reference is told, so it is none of those searched for here.
        answers.Add(report.ToJsonString());
        answers.Add(await council.GetStringAsync($"{upload.Headers.Location}/lines?outcome=refused", Cancelled));
    }

    private static async Task AttendAsync(HubUnderTest hub, List<string> answers)
    {
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        var known = Encounter("Zqavisit1", Number, "Zqaplanfamily", "Zqaplangiven", "2016-02-29");
        await TakenAsync(epr.PostAsync("/fhir/Encounter", Fhir(known), Cancelled));
        await TakenAsync(
            epr.PostAsync(
                "/fhir/Encounter",
                Fhir(Encounter("Zqasecondvisit", null, "Zqauploadfamily", "Zqauploadgiven", "2015-07-31")),
                Cancelled
            )
        );
        var wrong = Encounter("Zqawrongfamily", WrongNumber, "Zqawrongfamily", "Zqawrongfamily", "Zqawrongfamily");
        wrong["status"] = "Zqawrongstatus";
        await RefusedAsync(epr.PostAsync("/fhir/Encounter", Fhir(wrong), Cancelled), answers);
        await RefusedAsync(
            epr.PostAsync("/fhir/Encounter", Json(known.ToJsonString()[..^20], "application/fhir+json"), Cancelled),
            answers
        );
        using var search = new FormUrlEncodedContent([
            new("identifier", "https://epr.example/encounter|Zqasearchedvisit"),
        ]);
        await TakenAsync(epr.PostAsync("/fhir/Encounter/_search", search, Cancelled));
    }

    private static async Task ReviewAsync(HubUnderTest hub, List<string> answers)
    {
        using var council = hub.Client(hub.Matching, HubUnderTest.Council, "review.decide");
        var claim = await Eventually.UntilAsync(
            async () =>
            {
                var answer = await council.PostAsync(
                    "/reviews/claim",
                    Json("""{"reviewer":"Zqafirstreviewer"}"""),
                    Cancelled
                );
                return answer.StatusCode == HttpStatusCode.Created
                    ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))
                    : null;
            },
            claim => claim is not null
        );
        var (id, version) = ((string)claim!["reviews"]![0]!["reviewId"]!, (long)claim["reviews"]![0]!["version"]!);
        await RefusedAsync(
            council.PostAsync($"/reviews/{id}/resolve", Json("""{"reason":"Zqafirstreason"}"""), Cancelled),
            answers
        );
        await TakenAsync(
            council.PostAsync(
                $"/reviews/{id}/second-opinion",
                Json(
                    $$$$"""
                    {"version":{{{{version}}}},"opinion":"sameChild","reason":"Zqafirstreason","reviewer":"Zqafirstreviewer",
                     "claimId":"{{{{claim["claimId"]}}}}"}
                    """
                ),
                Cancelled
            )
        );
        // The first reviewer is not given it again, whatever the capitals.
        using (var again = Json("""{"reviewer":"ZQAFIRSTREVIEWER"}"""))
        {
            Assert.Equal(
                HttpStatusCode.NoContent,
                (await council.PostAsync("/reviews/claim", again, Cancelled)).StatusCode
            );
        }

        await TakenAsync(
            council.PostAsync(
                $"/reviews/{id}/resolve",
                Json(
                    $$$$"""
                    {"version":{{{{version}}}},"verdict":"sameChild","reason":"Zqasecondreason","reviewer":"Zqasecondreviewer"}
                    """
                ),
                Cancelled
            )
        );
        await TakenAsync(
            council.PostAsync(
                $"/reviews/{id}/undo",
                Json("""{"reason":"Zqaundoreason","reviewer":"Zqaundoer"}"""),
                Cancelled
            )
        );
    }

    private static async Task AnswerAlertsAsync(HubUnderTest hub, Endpoint endpoint, List<string> answers)
    {
        var alerts = await Eventually.UntilAsync(
            () => hub.AlertsAsync(HubUnderTest.Council),
            alerts => alerts.Count == 2 && alerts.Any(alert => (string?)alert!["state"] == "withdrawn"),
            TimeSpan.FromMinutes(3)
        );
        var alert = (string)alerts.Single(alert => (string?)alert!["state"] != "withdrawn")!["id"]!;
        await Eventually.UntilAsync(
            () => Task.FromResult((endpoint.Bodies, endpoint.Headers)),
            seen =>
                seen.Bodies.Any(body => body.Contains("zq-ref-17", StringComparison.Ordinal))
                && seen.Headers.Any(header => header.Contains("Zqaheader", StringComparison.Ordinal)),
            TimeSpan.FromMinutes(3)
        );
        using var council = hub.Client(hub.Notification, HubUnderTest.Council, "alert.ack", "alert.read");
        await RefusedAsync(
            council.PostAsync(
                $"/alerts/{alert}/acknowledge",
                Json($$$$"""{"kind":"person","name":"Zqatoolongname{{{{new string('x', 100)}}}}"}"""),
                Cancelled
            ),
            answers
        );
        await TakenAsync(
            council.PostAsync(
                $"/alerts/{alert}/acknowledge",
                Json("""{"kind":"person","name":"Zqaacknowledger"}"""),
                Cancelled
            )
        );
        await TakenAsync(
            council.PostAsync(
                $"/alerts/{alert}/refuse",
                Json("""{"kind":"person","name":"Zqarefuser","reason":"notOurs"}"""),
                Cancelled
            )
        );

        using var operations = hub.Client(hub.Notification, "HUB", "ops");
        var now = TimeProvider.System.GetUtcNow();
        var window = $"\"from\":\"{now.AddHours(-1):O}\",\"until\":\"{now:O}\",\"states\":[\"delivered\"]";
        var counted = await TakenAsync(
            operations.PostAsync("/deliveries/replay", Json($$$$"""{{{{{window}}}},"dryRun":true}"""), Cancelled)
        );
        await TakenAsync(
            operations.PostAsync(
                "/deliveries/replay",
                Json(
                    $$$$"""
                    {{{{{window}}}},"nonce":"{{{{counted["nonce"]}}}}","expect":{{{{counted[
                        "deliveries"
                    ]}}}},"reason":"Zqareplayreason"}
                    """
                ),
                Cancelled
            )
        );

        using var person = new HttpClient { BaseAddress = hub.Notification.Address };
        person.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            hub.Surroundings.Servers.Issuer.PersonToken(HubUnderTest.Council, "duty-worker", "zqperson")
        );
        await TakenAsync(person.GetAsync($"/alerts/{alert}", Cancelled));
    }

    private static JsonNode Encounter(string visit, string? number, string family, string given, string birthDate)
    {
        var identifier = number is null
            ? ""
            : $$$$"""{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{{{number}}}}"}""";
        var gender = number is null ? "male" : "female";
        return JsonNode.Parse(
            $$$$"""
            {"resourceType":"Encounter",
             "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Zqanarrative</div>"},
             "contained":[{"resourceType":"Patient","id":"patient",
               "identifier":[{{{{identifier}}}}],
               "name":[{"use":"official","family":"{{{{family}}}}","given":["{{{{given}}}}"],"prefix":["Zqaprefix"]},
                       {"use":"nickname","given":["Zqavisitalias"]}],
               "telecom":[{"system":"phone","value":"07700 900419"}],
               "gender":"{{{{gender}}}}","birthDate":"{{{{birthDate}}}}",
               "address":[{"line":["Zqaline"],"city":"Zqacity","postalCode":"ZZ76 6QX"}],
               "contact":[{"name":{"family":"Zqacontact"}}],
               "generalPractitioner":[{"display":"Zqapractice"}]},
              {"resourceType":"Flag","id":"flag","status":"active",
               "category":[{"coding":[{"code":"SG"}]}],
               "code":{"text":"Zqaflag","coding":[{"system":"http://snomed.info/sct","code":"878111000000109","display":"Zqaflag"}]},
               "subject":{"reference":"#patient"}}],
             "identifier":[{"system":"https://epr.example/encounter","value":"{{{{visit}}}}"}],
             "status":"in-progress",
             "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"EMER"},
             "subject":{"reference":"#patient"},
             "participant":[{"individual":{"display":"Zqadoctor"}}],
             "period":{"start":"2026-11-20T10:00:00Z"},
             "reasonCode":[{"text":"Zqareason"}],
             "location":[{"location":{"display":"Zqaward"}}],
             "serviceProvider":{"display":"Zqaprovider"}}
            """
        )!;
    }

    internal static StringContent Json(string body, string type = "application/json") => new(body, Encoding.UTF8, type);

    private static StringContent Fhir(JsonNode body) => Json(body.ToJsonString(), "application/fhir+json");

    internal static async Task<JsonNode> TakenAsync(Task<HttpResponseMessage> request)
    {
        using var answer = await request;
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    internal static async Task RefusedAsync(Task<HttpResponseMessage> request, List<string> answers)
    {
        using var answer = await request;
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{(int)answer.StatusCode} {text}");
        answers.Add($"{answer.Headers} {text}");
    }

    // What the broker has taken has left the outbox; only then has all of it crossed the bus.
    private static async Task EverythingIsSentAsync(NpgsqlDataSource database) =>
        await Eventually.UntilAsync(
            () =>
                ValueAsync<long>(
                    database,
                    """
                    SELECT (SELECT count(*) FROM plan_registry.outbox) + (SELECT count(*) FROM encounter_ingest.outbox)
                        + (SELECT count(*) FROM matching.outbox) + (SELECT count(*) FROM notification.outbox)
                    """
                ),
            count => count == 0,
            TimeSpan.FromMinutes(3)
        );

    // What ends exports first what it has traced and measured, whatever the pace.
    private static async Task EverythingIsExportedAsync(ServiceProcess[] programs, TelemetryCollector collector)
    {
        await Task.WhenAll(programs.Select(program => program.StopAsync()));
        string[] services = ["encounter-ingest", "identity", "matching", "notification", "plan-registry", "portal"];
        Assert.Equal(services, collector.Spans.Select(span => span.Service).Distinct().Order());
        Assert.Equal(services, collector.MeasuredServices.Order());
    }

    private static async Task<IEnumerable<Place>> TablesAsync(NpgsqlDataSource database)
    {
        var tables = await ColumnAsync(
            database,
            """
            SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
            """
        );
        Assert.True(tables.Count > 40, "the tables of four schemas");
        var places = new List<Place>();
        foreach (var table in tables)
        {
            places.Add(new(table, string.Join('\n', await ColumnAsync(database, $"SELECT t::text FROM {table} t"))));
        }

        return places;
    }

    private static async Task<IEnumerable<Place>> LogsOfServersAsync(NpgsqlDataSource database)
    {
        // Of servers on this machine; those of others are their operator's.
        var folder = Path.GetDirectoryName(await ValueAsync<string>(database, "SHOW data_directory"))!;
        return
        [
            .. new[] { "postgres.log", "rabbitmq.log" }
                .Select(name => Path.Combine(folder, name))
                .Where(File.Exists)
                .Select(path => new Place(Path.GetFileName(path), File.ReadAllText(path))),
        ];
    }

    private static async Task<IEnumerable<Place>> WalAsync(NpgsqlDataSource database, string from)
    {
        if (!await ValueAsync<bool>(database, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        {
            TestContext.Current.AddWarning("The write-ahead log is not searched: only a superuser may read it.");
            return [];
        }

        var places = new List<Place>();
        foreach (
            var segment in await ColumnAsync(
                database,
                $"""
                SELECT name FROM pg_ls_waldir()
                WHERE name >= pg_walfile_name('{from}') AND name <= pg_walfile_name(pg_current_wal_lsn())
                    AND length(name) = 24
                """
            )
        )
        {
            await using var command = database.CreateCommand($"SELECT pg_read_binary_file('pg_wal/{segment}')");
            places.Add(new(Wal, (byte[])(await command.ExecuteScalarAsync(Cancelled))!));
        }

        return places;
    }

    private static async Task<T> ValueAsync<T>(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private static async Task<List<string>> ColumnAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var values = new List<string>();
        while (await reader.ReadAsync(Cancelled))
            values.Add(await reader.IsDBNullAsync(0, Cancelled) ? "" : reader.GetString(0));
        return values;
    }

    private static IEnumerable<Canary> Of(string why, string[] permitted, params string[][] texts) =>
        texts.SelectMany(group => group).Select(text => new Canary(text, why, permitted));

    private sealed record Canary(string Text, string Why, IReadOnlyList<string> Permitted)
    {
        /// <summary>As it was written, and as a telephone or a postcode is written together.</summary>
        public IReadOnlyList<string> Forms { get; } = [.. new[] { Text, Text.Replace(" ", "") }.Distinct()];
    }

    private sealed class Place
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        public Place(string name, string text) => (Name, _text) = (name, text);

        public Place(string name, byte[] bytes) => (Name, _bytes) = (name, bytes);

        public string Name { get; }

        public int Length => _text?.Length ?? _bytes!.Length;

        // Bytes in a row's text are hexadecimal.
        public bool Holds(Canary canary) =>
            canary.Forms.Any(form =>
            {
                var bytes = Encoding.UTF8.GetBytes(form);
                return _bytes is not null
                    ? _bytes.AsSpan().IndexOf(bytes) >= 0
                    : _text!.Contains(form, StringComparison.OrdinalIgnoreCase)
                        || _text.Contains(Convert.ToHexStringLower(bytes), StringComparison.Ordinal);
            });
    }

    /// <summary>A council's endpoint that writes down what arrives.</summary>
    private sealed class Endpoint : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentQueue<string> _urls = new();
        private readonly ConcurrentQueue<string> _headers = new();
        private readonly ConcurrentQueue<string> _bodies = new();

        private Endpoint(WebApplication app) => _app = app;

        public Uri Address => new(_app.Urls.Single());

        public IReadOnlyList<string> Urls => [.. _urls];

        public IReadOnlyList<string> Headers => [.. _headers];

        public IReadOnlyList<string> Bodies => [.. _bodies];

        public static async Task<Endpoint> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var endpoint = new Endpoint(app);
            app.MapPost("/{**path}", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                endpoint._bodies.Enqueue(await reader.ReadToEndAsync());
                endpoint._urls.Enqueue($"{request.Path}{request.QueryString}");
                endpoint._headers.Enqueue(string.Join('\n', request.Headers.Select(h => $"{h.Key}: {h.Value}")));
                return Results.NoContent();
            });
            await app.StartAsync();
            return endpoint;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }

    /// <summary>A queue behind every exchange of the hub.</summary>
    private sealed class Tap(VirtualHost virtualHost, IConnection connection, IChannel channel) : IAsyncDisposable
    {
        private const string Queue = "tap";

        public static async Task<Tap> OnAsync(VirtualHost virtualHost)
        {
            var connection = await new ConnectionFactory { Uri = virtualHost.Uri }.CreateConnectionAsync(Cancelled);
            var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
            await channel.QueueDeclareAsync(Queue, durable: false, exclusive: true, autoDelete: false);
            var exchanges = (
                await virtualHost.Management.GetFromJsonAsync<JsonArray>($"api/exchanges/{virtualHost.Name}", Cancelled)
            )!
                .Select(exchange => (Name: (string)exchange!["name"]!, Type: (string)exchange["type"]!))
                .Where(exchange =>
                    exchange.Type == "fanout" && !exchange.Name.StartsWith("amq.", StringComparison.Ordinal)
                )
                .ToList();
            Assert.NotEmpty(exchanges);
            foreach (var (name, _) in exchanges)
                await channel.QueueBindAsync(Queue, name, "", cancellationToken: Cancelled);
            return new Tap(virtualHost, connection, channel);
        }

        public async Task<string> NamesAsync() =>
            string.Join(
                '\n',
                await virtualHost.Management.GetStringAsync($"api/exchanges/{virtualHost.Name}", Cancelled),
                await virtualHost.Management.GetStringAsync($"api/queues/{virtualHost.Name}", Cancelled),
                await virtualHost.Management.GetStringAsync($"api/bindings/{virtualHost.Name}", Cancelled)
            );

        public async Task<List<string>> TakeAsync()
        {
            var taken = new List<string>();
            while (await channel.BasicGetAsync(Queue, autoAck: true, Cancelled) is { } message)
            {
                taken.Add(
                    $"{message.RoutingKey} {message.BasicProperties.MessageId} {Headers(message)} "
                        + Encoding.UTF8.GetString(message.Body.Span)
                );
            }

            return taken;
        }

        public async ValueTask DisposeAsync()
        {
            await channel.DisposeAsync();
            await connection.DisposeAsync();
        }

        private static string Headers(BasicGetResult message) =>
            string.Join(
                ' ',
                (message.BasicProperties.Headers ?? new Dictionary<string, object?>()).Select(header =>
                    $"{header.Key}={(header.Value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(header.Value, CultureInfo.InvariantCulture))}"
                )
            );
    }
}
