using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Audit;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A wrong number must not lock a council out.</summary>
public sealed class Numbers_of_uploads(HubServers servers) : IAsyncLifetime
{
    private static readonly byte[] File = Encoding.UTF8.GetBytes(APlan.File(APlan.Number(1)));

    private Registry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await Registry.StartAsync(servers);

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_number_is_above_the_last_one_and_not_far_above_it()
    {
        var cases = new (string What, long Last, long Next, string? Refused, long Highest)[]
        {
            ("the next", 1, 2, null, 0),
            ("some left out", 1, 10_001, null, 0),
            ("too far", 1, 10_002, "sequence-too-high", 10_001),
            ("the same, of other content", 5, 5, "sequence-not-increasing", 10_005),
            ("a lower one", 5, 4, "sequence-not-increasing", 10_005),
            ("a date after New Year", 20261231, 20270101, null, 0),
            ("a date with a digit too many", 20261231, 202701010, "sequence-too-high", 20463843),
            ("a count after a date", 20261231, 1, "sequence-not-increasing", 20463843),
            ("a date after a count", 7, 20261231, "sequence-too-high", 10_007),
            ("a minute of next year", 202612312359, 202701010000, null, 0),
            ("seconds of next week", 1_795_875_600, 1_796_480_400, null, 0),
            ("milliseconds after seconds", 1_795_875_600, 1_795_875_600_000, "sequence-too-high", 1_813_834_356),
            ("nothing is above the last of all", long.MaxValue, 1, "sequence-not-increasing", long.MaxValue),
            ("the last of all", long.MaxValue - 5, long.MaxValue, null, 0),
        };
        foreach (var (i, (what, last, next, refused, highest)) in cases.Index())
        {
            using var council = _registry.Council($"E06{i:D6}");
            Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(council, last)).StatusCode);

            var answer = await PostAsync(council, next, [.. File, (byte)'\n']);
            var body = await Registry.JsonAsync(answer);

            Assert.True((refused is null ? 202 : 409) == (int)answer.StatusCode, $"{what}: {body.GetRawText()}");
            if (refused is null)
                continue;
            Assert.Equal(
                (refused, last, highest),
                (
                    body.GetProperty("code").GetString(),
                    body.GetProperty("lastSequence").GetInt64(),
                    body.GetProperty("highestSequence").GetInt64()
                )
            );
        }
    }

    [Fact]
    public async Task A_council_goes_on_from_a_lower_number_by_an_act_of_its_own()
    {
        using var council = _registry.Council();
        using var kent = _registry.Council(Registry.Kent);
        foreach (var other in new[] { council, kent })
            await Registry.FinishedAsync(other, (await PostAsync(other, 12)).Headers.Location!);
        await Registry.FinishedAsync(council, (await PostAsync(council, 9_999)).Headers.Location!);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(council, 13)).StatusCode);
        foreach (
            var (body, code) in new[]
            {
                ("{}", "last-sequence-invalid"),
                ("""{"lastSequence":null}""", "last-sequence-invalid"),
                ("""{"lastSequence":-1}""", "last-sequence-invalid"),
                ("""{"lastSequence":"12a"}""", "body-unreadable"),
                ("""{"lastSequence":10000}""", "last-sequence-not-used"),
                ("""{"last":12}""", "field-unknown"),
            }
        )
        {
            var answer = await RenumberAsync(council, body);
            Assert.Equal(
                (HttpStatusCode.BadRequest, code),
                (answer.StatusCode, (await Registry.JsonAsync(answer)).GetProperty("code").GetString())
            );
        }

        foreach (var _ in new[] { "once", "and again, which changes nothing" })
        {
            var answer = await RenumberAsync(council, """{"lastSequence":12}""");
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Registry.Cancelled));
            Assert.Equal(
                """{"lastSequence":12,"highestSequence":10012}""",
                await answer.Content.ReadAsStringAsync(Registry.Cancelled)
            );
        }

        // What was taken under 12 is a repeat still; 13 and the wrong number are free.
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(council, 12)).StatusCode);
        foreach (var number in new[] { 13, 9_999 })
        {
            var upload = await Registry.FinishedAsync(council, (await PostAsync(council, number)).Headers.Location!);
            Assert.Equal("completed", upload.GetProperty("state").GetString());
        }

        Assert.True((await RenumberAsync(council, """{"lastSequence":0}""")).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(council, 202611281430)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(kent, 12)).StatusCode);
        Assert.Equal(
            [(Registry.Hackney, "last sequence 9999 is now 0"), (Registry.Hackney, "last sequence 9999 is now 12")],
            // The clock stands, and records of one moment have no order.
            await _registry.Service.Db(async db =>
                (
                    await db.Set<AuditRecord>()
                        .Where(audit => audit.Act == "upload.renumbered")
                        .ToListAsync(Registry.Cancelled)
                )
                    .ConvertAll(audit => (audit.Organisation, Reason: _registry.Service.ReasonOf(audit)!))
                    .OrderBy(audit => audit.Reason, StringComparer.Ordinal)
            )
        );
    }

    [Fact]
    public async Task What_is_under_way_is_never_overtaken_by_what_is_numbered_lower()
    {
        using var council = _registry.Council();
        var ten = Enumerable.Range(1, 10).Select(APlan.Number).ToList();
        await Registry.UploadAsync(council, APlan.File(ten), 1);
        var waiting = await Registry.UploadAsync(council, APlan.File(ten.Take(5)), 9);

        var next = await ComingInAsync(10);
        var refused = await RenumberAsync(council, """{"lastSequence":1}""");
        Assert.Equal(
            (HttpStatusCode.Conflict, "uploads-in-progress"),
            (refused.StatusCode, (await Registry.JsonAsync(refused)).GetProperty("code").GetString())
        );

        await _registry.Service.Db(db =>
            db.Uploads.Where(one => one.Id == next).ExecuteDeleteAsync(Registry.Cancelled)
        );
        Assert.True((await RenumberAsync(council, """{"lastSequence":1}""")).IsSuccessStatusCode);
        // The one that waited under 9 came first, whatever number the later one has.
        await ComingInAsync(2);
        var path = $"/uploads/{waiting.GetProperty("id")}/confirm";
        var confirmed = await council.PostAsync(path, null, Registry.Cancelled);
        var done = await Registry.FinishedAsync(council, confirmed.Headers.Location!);
        Assert.Equal(5, done.GetProperty("endings").GetProperty("ended").GetInt32());
    }

    private async Task<Guid> ComingInAsync(long sequence)
    {
        var id = Guid.CreateVersion7();
        await _registry.Service.Db(db =>
        {
            db.Add(
                new Upload
                {
                    Id = id,
                    CouncilCode = Registry.Hackney,
                    ClientId = "test",
                    Sequence = sequence,
                    Mode = UploadMode.Changes,
                    DryRun = false,
                    Format = UploadFormat.Csv,
                    ReceivedAt = _registry.Clock.GetUtcNow(),
                    // Long after now, so that a busy machine does not give it up.
                    HeardAt = TimeProvider.System.GetUtcNow().AddHours(1),
                }
            );
            return db.SaveChangesAsync(Registry.Cancelled);
        });
        return id;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient council, long sequence, byte[]? file = null) =>
        Registry.PostUploadAsync(council, file ?? File, sequence, "changes");

    private static Task<HttpResponseMessage> RenumberAsync(HttpClient council, string body) =>
        council.PutAsync("/uploads/numbering", Registry.Json(body), Registry.Cancelled);
}
