using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A refused plan is a child that nobody finds until it is sent again.</summary>
public sealed class What_a_council_was_refused(HubServers servers) : IAsyncLifetime
{
    private static readonly APlan Child = APlan.Number(1);
    private static readonly APlan WrongNumber = Child with { NhsNumber = "9000000001" };

    private Registry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await Registry.StartAsync(servers);

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task It_is_listed_until_the_same_plan_is_accepted_by_whichever_route()
    {
        const string One = "PUT /plans/{reference}";
        const string Upload = "POST /uploads/";
        var byRequest = Put(Child.Body);
        var byLine = Lines(3, "changes", Child);
        var cases = new (string What, Act Refused, string Door, string Code, string? Path, Act Accepted)[]
        {
            ("a plan", Put(WrongNumber.Body), One, "nhs-number-check-digit", "subject.identifier.nhsNumber", byRequest),
            (
                "a plan, then a line",
                Put(WrongNumber.Body),
                One,
                "nhs-number-check-digit",
                "subject.identifier.nhsNumber",
                byLine
            ),
            (
                "a field that is not known",
                Put("""{"kind":"looked-after","CANARYNAME":1}"""),
                One,
                "field-unknown",
                null,
                byRequest
            ),
            ("no JSON", Put("{"), One, "body-unreadable", null, byRequest),
            ("another version", Put(Child.Body, ifMatch: "\"7\""), One, "changed-meanwhile", null, byRequest),
            (
                "a line",
                Lines(2, "changes", WrongNumber),
                Upload,
                "nhs-number-check-digit",
                "line 2, nhs_number",
                byLine
            ),
            (
                "a line, then a plan",
                Lines(2, "changes", WrongNumber),
                Upload,
                "nhs-number-check-digit",
                "line 2, nhs_number",
                byRequest
            ),
            (
                "a line of a plan that is not there",
                Lines(2, "changes", Child with { Action = "delete" }),
                Upload,
                "plan-not-found",
                "line 2, reference",
                byLine
            ),
            ("a file of changes", Body(2, "changes", "CP-1,x"), Upload, "header-missing", null, byLine),
            ("a full register", Body(2, "full", "CP-1,x"), Upload, "header-missing", null, Lines(3, "full", Child)),
            ("a number that was used", Lines(1, "changes", Child), Upload, "sequence-not-increasing", null, byLine),
        };
        foreach (var (i, (what, refused, door, code, path, accepted)) in cases.Index())
        {
            using var council = _registry.Council($"E06{i:D6}");
            await Lines(1, "changes", APlan.Number(2))(council);
            _registry.Clock.Advance(TimeSpan.FromSeconds(1));

            await refused(council);
            var row = Assert.Single(await ListAsync(council, refusals => refusals.Count > 0));
            Assert.True(
                (door, code, (string?)null) == (Text(row, "door"), Text(row, "code"), Text(row, "acceptedAt"))
                    && (
                        path is null
                            ? Text(row, "path") is null
                            : Text(row, "path")!.EndsWith(path, StringComparison.Ordinal)
                    ),
                $"{what}: {row!.ToJsonString()}"
            );

            await accepted(council);
            Assert.True(
                (await ListAsync(council, refusals => Text(refusals[0], "acceptedAt") is not null)).Count == 1,
                what
            );
            Assert.Empty((await GetAsync(council, "/refusals?open=true"))["refusals"]!.AsArray());
        }
    }

    [Fact]
    public async Task A_file_of_changes_does_not_stand_for_a_register_that_was_refused()
    {
        using var council = _registry.Council();
        await Body(1, "full", "CP-1,x")(council);
        await Lines(1, "changes", WrongNumber)(council);
        await Lines(2, "changes", Child)(council);

        var rows = await ListAsync(council, rows =>
            rows.Count == 2 && rows.Any(row => Text(row, "acceptedAt") is not null)
        );

        Assert.Equal(
            ["header-missing"],
            rows.Where(row => Text(row, "acceptedAt") is null).Select(row => Text(row, "code"))
        );
    }

    [Fact]
    public async Task Another_council_sees_none_of_it_and_a_row_holds_nothing_that_was_sent()
    {
        using var council = _registry.Council();
        using var kent = _registry.Council(Registry.Kent);
        var canary = WrongNumber with { Reference = "CANARY-1", FamilyName = "Canaryfamily", Postcode = "CA1 1NY" };
        await Put(canary.Body, "CANARY-1")(council);
        await Put("""{"CANARYNAME":{"CANARYINNER":1}}""", "CANARY-1")(council);
        await Lines(1, "changes", canary, canary with { Reference = "CANARY-2" })(council);
        await Lines(2, "canary", canary)(council);
        await ListAsync(council, rows => rows.Count == 5);

        Assert.Empty((await GetAsync(kent, "/refusals"))["refusals"]!.AsArray());
        var stored = await _registry.Service.Db(db =>
            db.Database.SqlQueryRaw<string>(
                    """SELECT string_agg(refusal::text, ' ') AS "Value" FROM plan_registry.refusal"""
                )
                .SingleAsync(Registry.Cancelled)
        );
        Assert.DoesNotContain("canary", stored, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("CA1", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("9000000001", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_asks_or_has_no_right_is_no_refusal_of_a_plan()
    {
        using var council = _registry.Council();
        using var reader = _registry.Service.Client(Registry.Hackney, "plan.read");
        await council.GetAsync("/plans/CP-none", Registry.Cancelled);
        await council.PostAsync("/plans/search", Registry.Json("{"), Registry.Cancelled);
        await Put(WrongNumber.Body)(reader);
        var dry = await Registry.UploadAsync(council, APlan.File(WrongNumber), 1, "changes", dryRun: true);
        Assert.Equal(1, dry.GetProperty("counts").GetProperty("refused").GetInt32());
        await Registry.PostUploadAsync(council, "CP-1,x"u8.ToArray(), 1, dryRun: true);
        await council.PostAsync(
            "/plans/CP-none/end",
            Registry.Json("""{"endDate":"2026-11-01"}"""),
            Registry.Cancelled
        );

        Assert.Equal(
            ["not-found"],
            (await ListAsync(council, rows => rows.Count > 0)).Select(row => Text(row, "code"))
        );
    }

    private delegate Task Act(HttpClient council);

    private static Act Put(string body, string reference = "CP-1", string? ifMatch = null) =>
        async council =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/plans/{reference}")
            {
                Content = Registry.Json(body),
            };
            if (ifMatch is not null)
                request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            var answer = await council.SendAsync(request, Registry.Cancelled);
            Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
        };

    private static Act Put(object body, string reference = "CP-1", string? ifMatch = null) =>
        Put(System.Text.Json.JsonSerializer.Serialize(body, Messaging.HubJson.Options), reference, ifMatch);

    private static Act Lines(long sequence, string mode, params APlan[] plans) =>
        Body(sequence, mode, APlan.File(plans));

    private static Act Body(long sequence, string mode, string body) =>
        async council =>
        {
            var answer = await Registry.PostUploadAsync(council, Encoding.UTF8.GetBytes(body), sequence, mode);
            if (answer.StatusCode == HttpStatusCode.Accepted)
                await Registry.FinishedAsync(council, answer.Headers.Location!);
            else
                Assert.True((int)answer.StatusCode is >= 400 and < 500, answer.StatusCode.ToString());
        };

    private static string? Text(JsonNode? row, string name) => row?[name]?.GetValue<string>();

    private static async Task<JsonObject> GetAsync(HttpClient council, string path) =>
        JsonNode.Parse((await Registry.GetAsync(council, path)).GetRawText())!.AsObject();

    // What was accepted is gathered for a second of the service's clock.
    private Task<JsonArray> ListAsync(HttpClient council, Predicate<JsonArray> until) =>
        Eventually.UntilAsync(
            async () =>
            {
                _registry.Clock.Advance(TimeSpan.FromSeconds(1));
                return (await GetAsync(council, "/refusals"))["refusals"]!.AsArray();
            },
            rows => until(rows)
        );
}
