using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

public sealed class Uploads_of_changes(HubServers servers) : IAsyncLifetime
{
    private Registry _registry = null!;
    private HttpClient _council = null!;

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
    public async Task Bad_lines_spoil_no_good_ones_and_each_line_is_reported_with_a_code_and_words()
    {
        var registered = await _registry.Service.Bus.ListenAsync<PlanRegistered>();
        var file = string.Join(
            "\r\n",
            "\uFEFF" + APlan.Header,
            APlan.Number(1).Line,
            (APlan.Number(2) with { NhsNumber = "9000000001" }).Line,
            "CP-3,,child-protection,\"2026-03-01",
            (APlan.Number(4) with { Kind = "375041000000100" }).Line,
            "",
            (APlan.Number(5) with { FamilyName = "\"Dorfield, \"\"Dot\"\"\"" }).Line,
            (APlan.Number(6) with { FamilyName = new string('x', 10 * 1024 * 1024) }).Line,
            (APlan.Number(7) with { NhsNumber = "AB1234567" }).Line,
            (APlan.Number(8) with { FamilyName = "Secretfield\u202E" }).Line,
            APlan.Number(9).Line,
            (APlan.Number(9) with { Sex = "male" }).Line,
            (APlan.Number(10) with { Action = "delete" }).Line,
            (APlan.Number(11) with { StartDate = "2024-01-01", EndDate = "2025-01-01" }).Line
        );

        var upload = await Registry.UploadAsync(_council, file, 7, "changes");

        Assert.Equal(
            ("completed", "CPF03"),
            (upload.GetProperty("state").GetString(), upload.GetProperty("code").GetString())
        );
        Assert.Equal(
            [
                (2, "registered", null),
                (3, "refused", "nhs-number-check-digit"),
                (4, "refused", "quotes"),
                (5, "refused", "kind-family-member"),
                (7, "registered", null),
                (8, "refused", "line-too-long"),
                (9, "refused", "nhs-number-format"),
                (10, "registered", "control-character"),
                (11, "refused", "reference-repeated"),
                (12, "refused", "reference-repeated"),
                (13, "refused", "plan-not-found"),
                (14, "not-kept", null),
            ],
            await Registry.LinesAsync(_council, upload)
        );
        Assert.Equal(["CP-1", "CP-5", "CP-8"], (await registered.AtLeast(3)).Select(e => e.Reference).Order());
        Assert.Equal(
            "Dorfield, \"Dot\"",
            _registry
                .Service.Surroundings.Keys.Sealer.Open(registered.All.Single(e => e.Reference == "CP-5").Subject)
                .Names[0]
                .Family
        );

        var path = $"/uploads/{upload.GetProperty("id").GetString()}/lines";
        var refused = (await Registry.GetAsync(_council, path + "?outcome=refused"))
            .GetProperty("lines")
            .EnumerateArray()
            .ToList();
        Assert.Equal(
            ["CPR01", "CPR07", "CPR07", "CPR07", "CPR04", "CPR07", "CPR07", "CPR07"],
            refused.Select(line => line.GetProperty("code").GetString())
        );
        Assert.Equal("nhs_number", refused[0].GetProperty("faults")[0].GetProperty("column").GetString());
        Assert.Contains(
            "line 12",
            refused[5].GetProperty("faults")[0].GetProperty("words").GetString(),
            StringComparison.Ordinal
        );
        foreach (var type in new[] { "text/csv", "application/x-ndjson" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path + "?after=3");
            request.Headers.Accept.ParseAdd(type);
            var answer = await _council.SendAsync(request, Registry.Cancelled);
            var text = await answer.Content.ReadAsStringAsync(Registry.Cancelled);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.Contains("reference-repeated", text, StringComparison.Ordinal);
            Assert.DoesNotContain("check-digit", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Secretfield", text, StringComparison.Ordinal);
        }

        await AtRest.HoldsNothingOfAsync(
            _registry,
            "Dorfield",
            "Secretfield",
            Synthetic.NhsNumber(1).Reveal(),
            "9000000001"
        );
    }

    [Fact]
    public async Task Lines_register_amend_end_delete_and_leave_alone()
    {
        var amended = await _registry.Service.Bus.ListenAsync<PlanAmended>();
        var ended = await _registry.Service.Bus.ListenAsync<PlanEnded>();
        var deleted = await _registry.Service.Bus.ListenAsync<PlanDeleted>();
        await Registry.UploadAsync(
            _council,
            APlan.File(Enumerable.Range(1, 6).Concat(Enumerable.Range(100, 60)).Select(APlan.Number)),
            1,
            "changes"
        );

        var upload = await Registry.UploadAsync(
            _council,
            APlan.File(
                APlan.Number(1),
                APlan.Number(2) with
                {
                    GivenNames = "Robin",
                },
                APlan.Number(3) with
                {
                    EndDate = "2026-11-01",
                },
                new APlan
                {
                    Reference = "CP-4",
                    Action = "end",
                    EndDate = "2026-11-02",
                    Kind = "",
                    StartDate = "",
                    NhsNumber = null,
                },
                new APlan
                {
                    Reference = "CP-5",
                    Action = "delete",
                    Kind = "",
                    StartDate = "",
                    NhsNumber = null,
                },
                new APlan
                {
                    Reference = "CP-6",
                    Action = "end",
                    EndDate = "2026-01-02",
                },
                new APlan
                {
                    Reference = "CP-99",
                    Action = "end",
                    EndDate = "2026-11-02",
                },
                APlan.Number(7)
            ),
            2,
            "changes"
        );
        var again = await Registry.UploadAsync(
            _council,
            APlan.File(
                APlan.Number(2) with
                {
                    GivenNames = "Robin",
                },
                APlan.Number(3) with
                {
                    EndDate = "2026-11-01",
                },
                new APlan
                {
                    Reference = "CP-4",
                    Action = "end",
                    EndDate = "2026-11-02",
                },
                new APlan { Reference = "CP-5", Action = "delete" }
            ),
            3,
            "changes"
        );

        Assert.Equal(
            ["unchanged", "amended", "ended", "ended", "deleted", "refused", "refused", "registered"],
            (await Registry.LinesAsync(_council, upload)).Select(line => line.Outcome)
        );
        Assert.Equal(
            ["unchanged", "unchanged", "unchanged", "unchanged"],
            (await Registry.LinesAsync(_council, again)).Select(line => line.Outcome)
        );
        Assert.Equal(2, (await amended.One(_ => true)).Version);
        Assert.Equal(
            [new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 2)],
            (await ended.AtLeast(2)).Select(e => e.EndDate).Order()
        );
        await deleted.AtLeast(1);
        Assert.Equal((1, 2, 1), (amended.All.Count, ended.All.Count, deleted.All.Count));
        var acts = await _registry.Service.Db(db =>
            db.Set<Hosting.Audit.AuditRecord>()
                .GroupBy(row => row.Act)
                .ToDictionaryAsync(rows => rows.Key, rows => rows.Count(), Registry.Cancelled)
        );
        Assert.Equal(
            (3, 67, 1, 2, 1),
            (
                acts["upload.received"],
                acts["plan.registered"],
                acts["plan.amended"],
                acts["plan.ended"],
                acts["plan.deleted"]
            )
        );
    }

    [Fact]
    public async Task NDJSON_says_the_same_as_CSV()
    {
        await Registry.UploadAsync(_council, APlan.File(APlan.Number(1)), 1, "changes");

        var upload = await Registry.UploadAsync(
            _council,
            $$"""
            {"reference":"CP-1","kind":"child-protection","start_date":"2026-03-01","end_date":null,"nhs_number":"{{APlan.Number(
                1
            ).NhsNumber}}","family_name":"Dorfield","given_names":"Robyn May","birth_date":"{{APlan.Number(
                1
            ).BirthDate}}","sex":"female","postcode":"ZZ1 1AA"}
            {"reference":"CP-2","kind":

            {"reference":"CP-3","action":"delete"}
            """,
            2,
            "changes",
            contentType: "application/x-ndjson"
        );

        Assert.Equal(
            [(1, "unchanged", null), (2, "refused", "json"), (4, "refused", "plan-not-found")],
            await Registry.LinesAsync(_council, upload)
        );
    }

    [Fact]
    public async Task The_sequence_must_grow_and_a_repeat_of_the_same_upload_gets_the_earlier_answer()
    {
        var file = Encoding.UTF8.GetBytes(APlan.File(APlan.Number(1)));
        var first = await Registry.PostUploadAsync(_council, file, 5, "changes");
        await Registry.FinishedAsync(_council, first.Headers.Location!);

        var repeat = await Registry.PostUploadAsync(_council, Gzip(file), 5, "changes", encoding: "gzip");
        var other = await Registry.PostUploadAsync(
            _council,
            Encoding.UTF8.GetBytes(APlan.File(APlan.Number(2))),
            5,
            "changes"
        );
        var otherMode = await Registry.PostUploadAsync(_council, file, 5, "full");
        var older = await Registry.PostUploadAsync(_council, file, 4, "changes");
        using var kent = _registry.Council(Registry.Kent);
        var elsewhere = await Registry.PostUploadAsync(kent, file, 1, "changes");

        Assert.Equal(HttpStatusCode.OK, repeat.StatusCode);
        Assert.Equal(
            first.Headers.Location!.ToString(),
            $"/uploads/{(await Registry.JsonAsync(repeat)).GetProperty("id").GetString()}"
        );
        foreach (var conflict in new[] { other, otherMode, older })
        {
            Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
            Assert.Equal(5, (await Registry.JsonAsync(conflict)).GetProperty("lastSequence").GetInt64());
        }

        Assert.Equal(HttpStatusCode.Accepted, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData("mode=half&sequence=1", "text/csv", null, 400, "mode-invalid")]
    [InlineData("sequence=1", "text/csv", null, 400, "mode-invalid")]
    [InlineData("mode=full", "text/csv", null, 400, "sequence-invalid")]
    [InlineData("mode=full&sequence=-1", "text/csv", null, 400, "sequence-invalid")]
    [InlineData("mode=full&sequence=99999999999999999999", "text/csv", null, 400, "sequence-invalid")]
    [InlineData("mode=full&sequence=1&dryRun=maybe", "text/csv", null, 400, "dryrun-invalid")]
    [InlineData("mode=full&sequence=1", "application/xml", null, 415, "media-type")]
    [InlineData("mode=full&sequence=1", "text/csv; charset=windows-1252", null, 415, "media-type")]
    [InlineData("mode=full&sequence=1", "text/csv", "br", 415, "content-encoding")]
    [InlineData("mode=full&sequence=1", "text/csv", "gzip", 400, "gzip-corrupt")]
    [InlineData("mode=full&sequence=1", "text/csv", null, 400, "header-missing")]
    [InlineData("mode=full&sequence=1", "text/csv; charset=utf8", "x-gzip", 400, "gzip-corrupt")]
    [InlineData(
        "mode=full&sequence=1",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        null,
        415,
        "workbook"
    )]
    public async Task An_upload_that_cannot_be_understood_is_refused_as_a_whole(
        string query,
        string type,
        string? encoding,
        int status,
        string code
    )
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("CP-1,child-protection"));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);

        var answer = await _council.PostAsync("/uploads?" + query, content, Registry.Cancelled);

        Assert.Equal(
            (status, code),
            ((int)answer.StatusCode, (await Registry.JsonAsync(answer)).GetProperty("code").GetString())
        );
    }

    [Fact]
    public async Task Half_a_body_changes_nothing_and_its_sequence_number_is_still_free()
    {
        var file = Encoding.UTF8.GetBytes(APlan.File(Enumerable.Range(1, 5_000).Select(APlan.Number)));
        var gzip = Gzip(file);

        foreach (
            var (body, code) in new[]
            {
                (gzip[..(gzip.Length / 2)], "gzip-corrupt"),
                (gzip[..^4], "gzip-corrupt"),
                ([.. Gzip(file[..1000]), .. Gzip(file[1000..])[..^4]], "gzip-corrupt"),
                ([.. Gzip(file[..1000]), .. gzip[..(gzip.Length / 2)]], "gzip-corrupt"),
                (Gzip([]), "file-empty"),
                (Gzip(Encoding.UTF8.GetBytes(APlan.Header + "\n")), "file-empty"),
            }
        )
        {
            var answer = await Registry.PostUploadAsync(_council, body, 1, encoding: "gzip");
            Assert.Equal(
                (HttpStatusCode.BadRequest, code),
                (answer.StatusCode, (await Registry.JsonAsync(answer)).GetProperty("code").GetString())
            );
        }

        await CutOffAsync(file);
        await Eventually.UntilAsync(
            () =>
                _registry.Service.Db(db =>
                    db.Uploads.CountAsync(upload => upload.FailureCode == "cut-off", Registry.Cancelled)
                ),
            count => count == 1
        );

        Assert.Equal(0, await _registry.Service.Db(db => db.Plans.CountAsync(Registry.Cancelled)));
        Assert.Equal(0, await _registry.Service.Db(db => db.StagedLines.CountAsync(Registry.Cancelled)));
        // Of two members, as programs leave them that pack in pieces.
        var whole = await Registry.PostUploadAsync(
            _council,
            [.. Gzip(file[..1000]), .. Gzip(file[1000..])],
            1,
            encoding: "x-gzip"
        );
        Assert.Equal(HttpStatusCode.Accepted, whole.StatusCode);
        await Registry.FinishedAsync(_council, whole.Headers.Location!);
        Assert.Equal(5_000, await _registry.Service.Db(db => db.Plans.CountAsync(Registry.Cancelled)));
    }

    [Fact]
    public async Task What_unpacks_to_more_than_a_register_can_be_is_refused()
    {
        var stream = new MemoryStream();
        await using (var gzip = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var block = new byte[1024 * 1024];
            Array.Fill(block, (byte)'{');
            for (var i = 0; i < 520; i++)
                await gzip.WriteAsync(block, Registry.Cancelled);
        }

        var answer = await Registry.PostUploadAsync(
            _council,
            stream.ToArray(),
            1,
            contentType: "application/x-ndjson",
            encoding: "gzip"
        );

        Assert.Equal(
            (HttpStatusCode.RequestEntityTooLarge, "too-large"),
            (answer.StatusCode, (await Registry.JsonAsync(answer)).GetProperty("code").GetString())
        );
    }

    [Fact]
    public async Task Two_uploads_at_once_are_applied_one_after_the_other_by_their_numbers()
    {
        var all = Enumerable.Range(1, 6_000).Select(APlan.Number).ToList();
        var first = await Registry.PostUploadAsync(_council, Encoding.UTF8.GetBytes(APlan.File(all)), 1, "changes");
        var second = await Registry.PostUploadAsync(
            _council,
            Encoding.UTF8.GetBytes(APlan.File(all.Select(plan => plan with { Sex = "male" }))),
            2,
            "changes"
        );

        await Registry.FinishedAsync(_council, second.Headers.Location!, TimeSpan.FromMinutes(2));
        var states = await _registry.Service.Db(db =>
            db.Uploads.OrderBy(upload => upload.Sequence).ToListAsync(Registry.Cancelled)
        );

        Assert.Equal((6_000, 6_000), (states[0].Registered, states[1].Amended));
        Assert.True(states[0].FinishedAt <= states[1].FinishedAt);
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
    }

    private async Task CutOffAsync(byte[] file)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_registry.Service.Address.Host, _registry.Service.Address.Port, Registry.Cancelled);
        var head =
            "POST /uploads?mode=full&sequence=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
            + $"{_council.DefaultRequestHeaders.Authorization}\r\n"
            + $"Content-Type: text/csv\r\nContent-Length: {file.Length}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head), Registry.Cancelled);
        await socket.SendAsync(file.AsMemory(0, file.Length - 100), Registry.Cancelled);
        await Eventually.UntilAsync(() =>
            _registry.Service.Db(db => db.Uploads.AnyAsync(upload => upload.Lines >= 4_000, Registry.Cancelled))
        );
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return stream.ToArray();
    }
}
