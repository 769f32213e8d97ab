using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

public sealed class Full_registers(HubServers servers) : IAsyncLifetime
{
    private static readonly IReadOnlyList<APlan> Twenty = [.. Enumerable.Range(1, 20).Select(APlan.Number)];

    private Registry _registry = null!;
    private HttpClient _council = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await Registry.StartAsync(servers);
        _council = _registry.Council();
        await Registry.UploadAsync(_council, APlan.File(Twenty), 1);
        _registry.Clock.Advance(TimeSpan.FromDays(1));
    }

    public ValueTask DisposeAsync()
    {
        _council.Dispose();
        return _registry.DisposeAsync();
    }

    [Fact]
    public async Task Up_to_a_tenth_may_be_missing_and_is_ended_on_the_day_the_register_came()
    {
        var ended = await _registry.Service.Bus.ListenAsync<PlanEnded>();
        using var kent = _registry.Council(Registry.Kent);
        await Registry.UploadAsync(kent, APlan.File(APlan.Number(900)), 1);

        var upload = await Registry.UploadAsync(_council, APlan.File(Twenty.Skip(2)), 2);

        Assert.Equal(("completed", 20, 2, 2), Endings(upload));
        Assert.Equal(
            [(2L, new DateOnly(2026, 11, 23)), (2L, new DateOnly(2026, 11, 23))],
            (await ended.AtLeast(2)).Select(e => (e.Version, e.EndDate))
        );
        Assert.Equal(["CP-1", "CP-2"], await EndedAsync());
    }

    [Fact]
    public async Task More_than_a_tenth_missing_is_not_ended_until_the_council_confirms()
    {
        var upload = await Registry.UploadAsync(_council, APlan.File([.. Twenty.Skip(3), APlan.Number(21)]), 2);
        Assert.Equal(("awaiting-confirmation", 20, 3, 0), Endings(upload));
        Assert.Equal(["more-than-limit"], Reasons(upload));
        Assert.Contains("3 of 20", upload.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, upload.GetProperty("counts").GetProperty("registered").GetInt32());
        Assert.Empty(await EndedAsync());
        var listed = await Registry.GetAsync(_council, $"{Path(upload)}/endings");
        Assert.Equal(
            ["CP-1", "CP-2", "CP-3"],
            listed.GetProperty("endings").EnumerateArray().Select(ending => ending.GetProperty("reference").GetString())
        );

        // Somebody amends one of them by hand before the word comes: that plan is known to be alive.
        await _council.PutAsync(
            "/plans/CP-2",
            Registry.Json((APlan.Number(2) with { Sex = "male" }).Body),
            Registry.Cancelled
        );
        var confirmed = await _council.PostAsync($"{Path(upload)}/confirm", null, Registry.Cancelled);
        var done = await Registry.FinishedAsync(_council, confirmed.Headers.Location!);
        var again = await _council.PostAsync($"{Path(upload)}/confirm", null, Registry.Cancelled);
        var discard = await _council.PostAsync($"{Path(upload)}/discard", null, Registry.Cancelled);

        Assert.Equal(("completed", 20, 3, 2), Endings(done));
        Assert.Equal(["CP-1", "CP-3"], await EndedAsync());
        Assert.Equal(
            (HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Conflict),
            (confirmed.StatusCode, again.StatusCode, discard.StatusCode)
        );
    }

    [Fact]
    public async Task A_discarded_ending_leaves_the_plans_running_and_a_later_full_register_decides_instead()
    {
        var first = await Registry.UploadAsync(_council, APlan.File(Twenty.Skip(5)), 2);
        var discarded = await _council.PostAsync($"{Path(first)}/discard", null, Registry.Cancelled);
        var second = await Registry.UploadAsync(_council, APlan.File(Twenty.Skip(6)), 3);
        var changes = await Registry.UploadAsync(_council, APlan.File(APlan.Number(1)), 4, "changes");
        var waiting = await Registry.GetAsync(_council, Path(second));
        var third = await Registry.UploadAsync(_council, APlan.File(Twenty), 5);
        var tooLate = await _council.PostAsync($"{Path(second)}/confirm", null, Registry.Cancelled);

        Assert.Equal("discarded", (await Registry.JsonAsync(discarded)).GetProperty("state").GetString());
        Assert.Equal("completed", changes.GetProperty("state").GetString());
        Assert.Equal("awaiting-confirmation", waiting.GetProperty("state").GetString());
        Assert.Equal("superseded", (await Registry.GetAsync(_council, Path(second))).GetProperty("state").GetString());
        Assert.Equal(
            (HttpStatusCode.Conflict, "completed"),
            (tooLate.StatusCode, third.GetProperty("state").GetString())
        );
        Assert.Empty(await EndedAsync());
    }

    [Fact]
    public async Task A_refused_line_never_ends_its_plan_and_an_unreadable_reference_ends_nothing_until_confirmed()
    {
        var readable = await Registry.UploadAsync(
            _council,
            APlan.File([Twenty[0] with { Kind = "?" }, .. Twenty.Skip(2)]),
            2
        );
        Assert.Equal(("completed", 20, 1, 1), Endings(readable));
        Assert.Equal(["CP-2"], await EndedAsync());

        // CP-1's line has a field too many: its columns may have shifted, so it is not known whether it really was
        // CP-1.
        var shifted = APlan.File(Twenty.Skip(3)) + Twenty[0].Line + ",x\n,,child-protection\n";
        var unreadable = await Registry.UploadAsync(_council, shifted, 3);

        Assert.Equal(("awaiting-confirmation", 19, 1, 0), Endings(unreadable));
        Assert.Equal(["reference-unreadable"], Reasons(unreadable));
        await Registry.FinishedAsync(
            _council,
            (await _council.PostAsync($"{Path(unreadable)}/confirm", null, Registry.Cancelled)).Headers.Location!
        );
        Assert.Equal(["CP-2", "CP-3"], await EndedAsync());
    }

    [Fact]
    public async Task The_reference_of_a_shifted_line_is_kept_only_where_the_register_has_such_a_plan()
    {
        // A line break within quotes: what follows it may be the rest of a name.
        var upload = await Registry.UploadAsync(
            _council,
            APlan.File(Twenty.Skip(1)) + Twenty[0].Line + ",x\nAblettson,,child-protection\n",
            2
        );

        var lines = (await Registry.GetAsync(_council, $"{Path(upload)}/lines?outcome=refused"))
            .GetProperty("lines")
            .EnumerateArray();

        Assert.Equal(
            ["CP-1", null],
            lines.Select(line => line.TryGetProperty("reference", out var reference) ? reference.GetString() : null)
        );
    }

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_changes_nothing()
    {
        var before = await _registry.Service.Db(db =>
            db.Plans.AsNoTracking()
                .OrderBy(plan => plan.Id)
                .Select(plan => plan.Version)
                .ToListAsync(Registry.Cancelled)
        );
        var published = await _registry.Service.Db(db =>
            db.Set<Messaging.Storage.OutboxRow>().CountAsync(Registry.Cancelled)
        );
        var file = APlan.File([
            Twenty[0] with
            {
                Sex = "male",
            },
            Twenty[1] with
            {
                EndDate = "2026-11-01",
            },
            Twenty[2] with
            {
                Action = "delete",
            },
            Twenty[3] with
            {
                Kind = "?",
            },
            .. Twenty.Skip(7),
            APlan.Number(30),
        ]);

        var dry = await Registry.UploadAsync(_council, file, 2, dryRun: true);
        var lines = await Registry.LinesAsync(_council, dry);
        var after = await _registry.Service.Db(db =>
            db.Plans.AsNoTracking()
                .OrderBy(plan => plan.Id)
                .Select(plan => plan.Version)
                .ToListAsync(Registry.Cancelled)
        );
        Assert.Equal(before, after);
        Assert.Equal(
            published,
            await _registry.Service.Db(db => db.Set<Messaging.Storage.OutboxRow>().CountAsync(Registry.Cancelled))
        );
        Assert.Equal(("completed", 20, 3, 0), Endings(dry));
        Assert.Equal(["more-than-limit"], Reasons(dry));

        // The same file under the same number, for good: a dry run takes no number, and told the truth.
        var real = await Registry.UploadAsync(_council, file, 2);
        Assert.Equal(lines, await Registry.LinesAsync(_council, real));
        Assert.Equal(dry.GetProperty("counts").GetRawText(), real.GetProperty("counts").GetRawText());
        Assert.Equal(("awaiting-confirmation", 20, 3, 0), Endings(real));
    }

    private static (string?, int, int, int) Endings(JsonElement upload)
    {
        var endings = upload.GetProperty("endings");
        return (
            upload.GetProperty("state").GetString(),
            endings.GetProperty("running").GetInt32(),
            endings.GetProperty("missing").GetInt32(),
            endings.GetProperty("ended").GetInt32()
        );
    }

    private static IEnumerable<string?> Reasons(JsonElement upload) =>
        upload
            .GetProperty("endings")
            .GetProperty("needConfirmationBecause")
            .EnumerateArray()
            .Select(reason => reason.GetString());

    private static string Path(JsonElement upload) => $"/uploads/{upload.GetProperty("id").GetString()}";

    private Task<List<string>> EndedAsync() =>
        _registry.Service.Db(db =>
            db.Plans.Where(plan => plan.EndDate != null)
                .OrderBy(plan => plan.Reference)
                .Select(plan => plan.Reference)
                .ToListAsync(Registry.Cancelled)
        );
}
