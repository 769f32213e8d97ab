using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// The inputs beside the register, the encounter and the alert: look-ups, break-glass, subject access, what a desk
/// writes, changes of numbers, second registrations, and the other ways in. Each text that is looked for is written
/// here once.
/// </summary>
internal sealed class OtherInputs(HubUnderTest hub, string number)
{
    private static readonly string Hl7Number = Synthetic.NhsNumber(7_654_328).Reveal();
    private static readonly string Superseded = Synthetic.NhsNumber(7_654_326).Reveal();
    private static readonly string Superseding = Synthetic.NhsNumber(7_654_327).Reveal();

    /// <summary>Who is meant.</summary>
    public static readonly string[] People =
    [
        "Zqatraitfamily",
        "Zqatraitgiven",
        "2014-07-29",
        "ZZ75 5QX",
        "07700 900420",
        "Zqahl7family",
        "Zqahl7given",
        "ZZ74 4QX",
        "Zqahl7kin",
        "Zqahl7visit",
        "Zqaxmlfamily",
        "Zqaxmlgiven",
        "ZZ73 3QX",
        "Zqaxmlvisit",
        "Zqasheetfamily",
        "Zqasheetgiven",
        "ZZ72 2QX",
        Hl7Number,
        Superseded,
        Superseding,
        Synthetic.NhsNumber(7_654_330).Reveal(),
    ];

    /// <summary>What people at work write.</summary>
    public static readonly string[] Words =
    [
        "Zqaglassreason",
        "Zqaglassnote",
        "Zqareleasereason",
        "Zqanotetext",
        "Zqanoter",
        "Zqacolleague",
        "Zqahandover",
        "Zqachallenge",
        "Zqaagreement",
    ];

    /// <summary>What a browser and a client send to the portal and to identity.</summary>
    public static readonly string[] OfBrowsers =
    [
        "Zqaclientsecret",
        "Zqaassertion",
        "Zqastate",
        "Zqacode",
        "Zqacookie",
        "Zqaportalquery",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static string SendersIn(DirectoryInfo folder)
    {
        File.WriteAllText(
            Path.Combine(folder.FullName, "pas.json"),
            $$"""{"organisation":"{{HubUnderTest.Trust}}","application":"PAS","facility":"{{HubUnderTest.Trust}}","identifierSystem":"https://epr.example/Id/visit"}"""
        );
        return folder.FullName;
    }

    /// <summary>All of them, once the alert of the plan is there.</summary>
    public async Task SendAsync(int hl7Port, List<string> answers)
    {
        await LookUpAsync(answers);
        await AnswerThePersonAsync();
        await RegisterAgainAsync();
        await ChangeNumbersAsync(answers);
        await AttendAsync(hl7Port, answers);
        await UploadWorkbookAsync();
    }

    private async Task LookUpAsync(List<string> answers)
    {
        using var nurse = Person(hub.PlanRegistry, HubUnderTest.Trust, "clinician-unscheduled");
        await Canaries.TakenAsync(
            nurse.PostAsync(
                "/lookups",
                Canaries.Json(
                    """
                    {"traits":{"familyName":"Zqatraitfamily","givenNames":["Zqatraitgiven"],"birthDate":"2014-07-29","sex":"female",
                     "postcode":"ZZ75 5QX","phone":"07700 900420"},"purpose":"direct-care"}
                    """
                ),
                Cancelled
            )
        );
        await Canaries.RefusedAsync(
            nurse.PostAsync(
                "/lookups",
                Canaries.Json(
                    """{"traits":{"familyName":"Zqatraitfamily","givenNames":["Zqatraitgiven"],"birthDate":"Zqatraitfamily"},"purpose":"Zqatraitgiven"}"""
                ),
                Cancelled
            ),
            answers
        );
        var shown = await Canaries.TakenAsync(
            nurse.PostAsync(
                "/lookups",
                Canaries.Json(
                    $$"""{"nhsNumber":"{{number}}","purpose":"break-glass","reason":"Zqaglassreason, found alone"}"""
                ),
                Cancelled
            )
        );
        using var officer = Person(hub.PlanRegistry, HubUnderTest.Trust, "privacy-officer");
        await Canaries.TakenAsync(
            officer.PostAsync(
                $"/break-glass/{shown["breakGlass"]!["useId"]}/judge",
                Canaries.Json("""{"verdict":"not-justified","note":"Zqaglassnote"}"""),
                Cancelled
            )
        );
    }

    private async Task AnswerThePersonAsync()
    {
        using var lead = Person(hub.PlanRegistry, HubUnderTest.Council, "safeguarding-lead");
        var held = await Canaries.TakenAsync(
            lead.PostAsync("/subject-access", Canaries.Json($$"""{"nhsNumber":"{{number}}"}"""), Cancelled)
        );
        var item = held["records"]!
            .AsArray()
            .SelectMany(record => record!["items"]!.AsArray())
            .First(item => (string?)item!["withheld"] == "location")!["item"];
        await Canaries.TakenAsync(
            lead.PostAsync(
                "/subject-access",
                Canaries.Json(
                    $$"""{"nhsNumber":"{{number}}","releases":[{"item":"{{item}}","reason":"Zqareleasereason, by the lead"}]}"""
                ),
                Cancelled
            )
        );
    }

    /// <summary>While the alert of the plan is open.</summary>
    public async Task WriteOnAlertAsync()
    {
        var alerts = await Eventually.UntilAsync(
            () => hub.AlertsAsync(HubUnderTest.Council),
            alerts => alerts.Any(IsOfThePlan),
            TimeSpan.FromMinutes(3)
        );
        var alert = (string)alerts.First(IsOfThePlan)!["id"]!;
        static bool IsOfThePlan(JsonNode? alert) =>
            alert!["plans"]!.ToJsonString().Contains("zq-ref-17", StringComparison.Ordinal);
        using var desk = hub.Client(hub.Notification, HubUnderTest.Council, "alert.ack");
        foreach (
            var (path, body) in new[]
            {
                ("notes", """{"text":"Zqanotetext","kind":"person","name":"Zqanoter"}"""),
                (
                    "hand-over",
                    """{"to":"colleague","colleague":"Zqacolleague","text":"Zqahandover","kind":"person","name":"Zqanoter"}"""
                ),
            }
        )
        {
            await Canaries.TakenAsync(desk.PostAsync($"/alerts/{alert}/{path}", Canaries.Json(body), Cancelled));
        }
    }

    private async Task RegisterAgainAsync()
    {
        using var second = hub.Client(hub.PlanRegistry, HubUnderTest.OtherCouncil, "plan.write");
        await Canaries.TakenAsync(
            second.PutAsync(
                "/plans/zq-ref-21",
                Canaries.Json(
                    $$$"""
                    {"kind":"child-protection","startDate":"2026-01-01","subject":{
                     "identifier":{"state":"known","nhsNumber":"{{{number}}}"},
                     "names":[{"use":"usual","family":"Zqaplanfamily","given":["Zqaplangiven"]}],
                     "birthDate":"2016-02-29","sex":"female","postcodes":[{"postcode":"ZZ77 7QX","former":false}]}}
                    """
                ),
                Cancelled
            )
        );
        using var lead = Person(hub.Notification, HubUnderTest.Council, "safeguarding-lead");
        var notices = await Eventually.UntilAsync(
            async () =>
                JsonNode.Parse(await lead.GetStringAsync("/registrations", Cancelled))!["registrations"]!.AsArray(),
            notices => notices.Count > 0,
            TimeSpan.FromMinutes(3)
        );
        foreach (var (path, reason) in new[] { ("challenge", "Zqachallenge"), ("place-agreement", "Zqaagreement") })
        {
            await Canaries.TakenAsync(
                lead.PostAsync(
                    $"/registrations/{notices[0]!["id"]}/{path}",
                    Canaries.Json($$"""{"reason":"{{reason}}, unknown to us"}"""),
                    Cancelled
                )
            );
        }
    }

    private async Task ChangeNumbersAsync(List<string> answers)
    {
        using var spine = hub.Client(hub.Matching, "HUB", "number.write");
        var change = $$$"""
            {"specVersion":"1.0","id":"{{{Guid.CreateVersion7()}}}","source":"urn:nhs-uk:mns","type":"nhs-number-change.1",
             "time":"2026-11-28T09:30:00Z","data":{"supersededNhsNumber":"{{{Superseded}}}","nhsNumber":"{{{Superseding}}}","kind":"merge"}}
            """;
        await Canaries.TakenAsync(spine.PostAsync("/numbers/changes", Canaries.Json(change), Cancelled));
        await Canaries.RefusedAsync(
            spine.PostAsync(
                "/numbers/changes",
                Canaries.Json(change.Replace(Superseding, Superseding + "1", StringComparison.Ordinal)),
                Cancelled
            ),
            answers
        );
    }

    private async Task AttendAsync(int hl7Port, List<string> answers)
    {
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        var xml = $"""
            <Encounter xmlns="http://hl7.org/fhir">
              <contained><Patient><id value="patient"/>
                <identifier><system value="https://fhir.nhs.uk/Id/nhs-number"/><value value="{Synthetic
                .NhsNumber(7_654_330)
                .Reveal()}"/></identifier>
                <name><use value="official"/><family value="Zqaxmlfamily"/><given value="Zqaxmlgiven"/></name>
                <gender value="female"/><birthDate value="2013-07-29"/><address><postalCode value="ZZ73 3QX"/></address></Patient></contained>
              <identifier><system value="https://epr.example/encounter"/><value value="Zqaxmlvisit"/></identifier>
              <status value="in-progress"/>
              <class><system value="http://terminology.hl7.org/CodeSystem/v3-ActCode"/><code value="EMER"/></class>
              <subject><reference value="#patient"/></subject>
              <period><start value="2026-11-20T10:00:00Z"/></period>
            </Encounter>
            """;
        const string Type = "application/fhir+xml";
        using (var answer = await epr.PostAsync("/fhir/Encounter", Canaries.Json(xml, Type), Cancelled))
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        await Canaries.RefusedAsync(
            epr.PostAsync(
                "/fhir/Encounter",
                Canaries.Json(xml.Replace("in-progress", "Zqaxmlgiven", StringComparison.Ordinal), Type),
                Cancelled
            ),
            answers
        );
        await Canaries.RefusedAsync(
            epr.PostAsync("/fhir/Encounter", Canaries.Json(xml[..^30], Type), Cancelled),
            answers
        );

        answers.Add(await Hl7Async(hl7Port, Adt()));
        answers.Add(await Hl7Async(hl7Port, Adt().Replace("\rPV1", "\rZqahl7kin", StringComparison.Ordinal)));
    }

    private static string Adt() =>
        $"MSH|^~\\&|PAS|{HubUnderTest.Trust}|SGHUB|HUB|20261128021500||ADT^A04^ADT_A01|E1|P|2.4\rEVN|A04|20261128021500||||20261128021500\r"
        + $"PID|1||T1^^^{HubUnderTest.Trust}^MR~{Hl7Number}^^^NHS^NH||Zqahl7family^Zqahl7given^^^^^L||20140307|F|||4 Tern Close^^Northmoor^^ZZ74 4QX^GBR^H\r"
        + "NK1|1|Zqahl7kin^Ewa|MTH||07700900118^PRN^CP\r"
        + $"PV1|1|E|EDPAED^CUB02^^{HubUnderTest.Trust}01|E|||||||180|||||||||Zqahl7visit^^^{HubUnderTest.Trust}^VN|||||||||||||||||||||||||20261128021205\r";

    private static async Task<string> Hl7Async(int port, string message)
    {
        using var connection = new TcpClient("127.0.0.1", port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync((byte[])[0x0b, .. Encoding.UTF8.GetBytes(message), 0x1c, 0x0d], Cancelled);
        var answer = new List<byte>();
        var buffer = new byte[4096];
        while (!answer.Contains(0x1c) && await stream.ReadAsync(buffer, Cancelled) is > 0 and var read)
            answer.AddRange(buffer[..read]);
        Assert.NotEmpty(answer);
        return Encoding.UTF8.GetString([.. answer]);
    }

    private async Task UploadWorkbookAsync()
    {
        using var council = hub.Client(hub.PlanRegistry, HubUnderTest.Council, "plan.write");
        using var content = new ByteArrayContent(
            Workbook(
                [
                    "reference",
                    "kind",
                    "start_date",
                    "identifier_state",
                    "family_name",
                    "given_names",
                    "birth_date",
                    "postcode",
                ],
                [
                    "zq-ref-22",
                    "child-protection",
                    "2026-01-01",
                    "unknown",
                    "Zqasheetfamily",
                    "Zqasheetgiven",
                    "2012-07-29",
                    "ZZ72 2QX",
                ]
            )
        );
        content.Headers.ContentType = new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        using var upload = await council.PostAsync("/uploads?mode=changes&sequence=2", content, Cancelled);
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync(Cancelled));
        await Eventually.UntilAsync(
            async () => JsonNode.Parse(await council.GetStringAsync(upload.Headers.Location, Cancelled))!,
            body => (string?)body["state"] == "completed"
        );
    }

    // One sheet of shared texts, as spreadsheets write them.
    private static byte[] Workbook(params string[][] rows)
    {
        const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string Package = "http://schemas.openxmlformats.org/package/2006";
        var texts = rows.SelectMany(row => row).Distinct().ToList();
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(
                "[Content_Types].xml",
                $"""<Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"""
            );
            Write(
                "_rels/.rels",
                $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
            );
            Write(
                "xl/workbook.xml",
                $"""<workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets><sheet name="Plans" sheetId="1" r:id="rId1"/></sheets></workbook>"""
            );
            Write(
                "xl/_rels/workbook.xml.rels",
                $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId91" Type="{Relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""
            );
            Write(
                "xl/sharedStrings.xml",
                $"""<sst xmlns="{Main}">{string.Concat(texts.Select(text => $"<si><t>{text}</t></si>"))}</sst>"""
            );
            Write(
                "xl/worksheets/sheet1.xml",
                $"""<worksheet xmlns="{Main}"><sheetData>{string.Concat(rows.Select((row, y) => $"<row r=\"{y + 1}\">{string.Concat(row.Select((text, x) => $"<c r=\"{(char)('A' + x)}{y + 1}\" t=\"s\"><v>{texts.IndexOf(text)}</v></c>"))}</row>"))}</sheetData></worksheet>"""
            );

            void Write(string name, string xml)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open(), new UTF8Encoding(false));
                writer.Write(xml);
            }
        }

        return stream.ToArray();
    }

    /// <summary>What comes before anybody is signed in, and what is refused.</summary>
    public static async Task TryDoorsAsync(Uri identity, Uri portal)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        foreach (
            var form in new Dictionary<string, string>[]
            {
                new()
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = "nobody",
                    ["client_secret"] = "Zqaclientsecret",
                },
                new()
                {
                    ["grant_type"] = "client_credentials",
                    ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                    ["client_assertion"] = "Zqaassertion.Zqaassertion.Zqaassertion",
                },
                new()
                {
                    ["grant_type"] = "authorization_code",
                    ["client_id"] = "portal",
                    ["code"] = "Zqacode",
                },
            }
        )
        {
            using var content = new FormUrlEncodedContent(form);
            using var answer = await http.PostAsync(new Uri(identity, "connect/token"), content, Cancelled);
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }

        using (await http.GetAsync(new Uri(identity, "connect/authorize?client_id=portal&state=Zqastate"), Cancelled))
        { }
        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(portal, "alerts?name=Zqaportalquery"));
        page.Headers.Add("Cookie", "session=Zqacookie");
        using (await http.SendAsync(page, Cancelled)) { }
        using (await http.GetAsync(new Uri(portal, "signed-in?code=Zqacode&state=Zqastate"), Cancelled)) { }
        using var search = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["NhsNumber"] = Superseding, ["Family"] = "Zqaportalquery" }
        );
        using (await http.PostAsync(new Uri(portal, "look-up"), search, Cancelled)) { }
    }

    private HttpClient Person(ServiceProcess service, string organisation, string role)
    {
        var client = new HttpClient { BaseAddress = service.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            hub.Surroundings.Servers.Issuer.PersonToken(organisation, role)
        );
        return client;
    }
}
