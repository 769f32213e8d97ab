using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A dry run that is confirmed, discarded or too old, and the refused lines as they were sent.</summary>
public sealed class Dry_runs(HubServers servers) : IAsyncLifetime
{
    private static readonly APlan[] Twenty = [.. Enumerable.Range(1, 20).Select(APlan.Number)];

    // One of each outcome, three missing and two refused: one by itself, one by the register.
    private static readonly string Mixed = APlan.File([
        Twenty[0] with
        {
            FamilyName = "Neuford",
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
        new APlan
        {
            Reference = "CP-99",
            Action = "end",
            EndDate = "2026-11-01",
        },
        .. Twenty.Skip(7),
        APlan.Number(30),
    ]);

    private Registry _registry = null!;
    private HttpClient _council = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await Registry.StartAsync(servers);
        _council = _registry.Council();
        await Registry.UploadAsync(_council, APlan.File(Twenty), 41);
        _registry.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        _council.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task A_confirmed_dry_run_does_what_it_said_and_does_it_once()
    {
        var dry = await Registry.UploadAsync(_council, Mixed, 1, dryRun: true);
        var said = await Registry.LinesAsync(_council, dry);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ConfirmAsync(dry)));
        var real = await Registry.FinishedAsync(_council, new Uri(Path(dry), UriKind.Relative));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer));
        Assert.Equal(said, await Registry.LinesAsync(_council, real));
        Assert.Equal(dry.GetProperty("counts").GetRawText(), real.GetProperty("counts").GetRawText());
        Assert.Equal(
            ("completed", 42, false, 3),
            (
                real.GetProperty("state").GetString(),
                real.GetProperty("sequence").GetInt64(),
                real.GetProperty("dryRun").GetBoolean(),
                real.GetProperty("endings").GetProperty("ended").GetInt32()
            )
        );
        Assert.Equal(0, await KeptPersonsAsync());
        Assert.Equal(16, await RunningAsync());
        Assert.Equal(HttpStatusCode.Accepted, await ConfirmAsync(dry));
        _registry.Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.UntilAsync(
            () => Registry.GetAsync(_council, "/refusals?open=true"),
            refused => refused.GetProperty("refusals").GetArrayLength() == 2
        );
    }

    [Fact]
    public async Task What_it_changes_is_recorded_as_done_by_the_person_who_confirmed_it()
    {
        var dry = await Registry.UploadAsync(_council, Mixed, 1, dryRun: true);
        using var keeper = _registry.Service.Person(Registry.Hackney, "plan-keeper");

        Assert.Equal(
            HttpStatusCode.Accepted,
            (await keeper.PostAsync($"{Path(dry)}/confirm", null, TestContext.Current.CancellationToken)).StatusCode
        );
        await Registry.FinishedAsync(_council, new Uri(Path(dry), UriKind.Relative));

        var acts = await _registry.Service.Db(db =>
            db.Set<Safeguarding.Hosting.Audit.AuditRecord>()
                .Where(record => EF.Functions.Like(record.Act, "plan.%") && record.Person != null)
                .Select(record => record.Act + " by " + record.Role)
                .Distinct()
                .ToListAsync(TestContext.Current.CancellationToken)
        );
        Assert.Superset(
            new HashSet<string>
            {
                "plan.registered by plan-keeper",
                "plan.amended by plan-keeper",
                "plan.ended by plan-keeper",
                "plan.deleted by plan-keeper",
            },
            acts.ToHashSet()
        );
    }

    [Fact]
    public async Task What_changed_since_the_dry_run_stays_as_it_is()
    {
        var dry = await Registry.UploadAsync(_council, Mixed, 1, dryRun: true);
        _registry.Clock.Advance(TimeSpan.FromMinutes(1));
        await PutAsync(Twenty[0] with { FamilyName = "Laterham" });
        await PutAsync(Twenty[4] with { FamilyName = "Laterham" });

        Assert.Equal(HttpStatusCode.Accepted, await ConfirmAsync(dry));
        var real = await Registry.FinishedAsync(_council, new Uri(Path(dry), UriKind.Relative));

        Assert.Contains((2, "refused", "changed-meanwhile"), await Registry.LinesAsync(_council, real));
        Assert.Equal(2, real.GetProperty("endings").GetProperty("ended").GetInt32());
    }

    [Fact]
    public async Task Refused_lines_come_back_as_sent_and_are_taken_when_corrected()
    {
        var wrong = APlan.Number(31) with
        {
            Kind = "childprotection",
            FamilyName = "=HYPERLINK(1)",
            Postcode = "ZZ1 1ZZ",
        };
        var twice = APlan.Number(32) with { GivenNames = "Ida Rose", Sex = "female" };
        var dry = await Registry.UploadAsync(_council, APlan.File(wrong, twice, twice), 1, "changes", dryRun: true);

        var csv = await RefusedAsync(dry);
        var corrected = string.Join(
            "\n",
            csv.Replace("childprotection", "child-protection", StringComparison.Ordinal)
                .Replace("'=HYPERLINK(1)", "Moorend", StringComparison.Ordinal)
                .Split("\r\n")
                .Where((_, line) => line != 3)
        );
        var asWhole = await Registry.PostUploadAsync(_council, Encoding.UTF8.GetBytes(corrected), 42);
        var real = await Registry.UploadAsync(_council, corrected, 42, "changes");

        Assert.Contains("\"Line 2: kind: ", csv, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, asWhole.StatusCode);
        Assert.Equal("column-refused-because", (await Registry.JsonAsync(asWhole)).GetProperty("code").GetString());
        Assert.Equal(2, real.GetProperty("counts").GetProperty("registered").GetInt32());
        var plan = await Registry.GetAsync(_council, $"/plans/{twice.Reference}");
        Assert.Equal("Ida", plan.GetProperty("subject").GetProperty("names")[0].GetProperty("given")[0].GetString());
    }

    [Fact]
    public async Task A_discarded_dry_run_keeps_nobody_and_is_not_confirmed()
    {
        var dry = await Registry.UploadAsync(_council, Mixed, 1, dryRun: true);
        Assert.NotEqual(0, await KeptPersonsAsync());

        var discarded = await _council.PostAsync($"{Path(dry)}/discard", null, Registry.Cancelled);

        Assert.Equal("discarded", (await Registry.JsonAsync(discarded)).GetProperty("state").GetString());
        Assert.Equal(0, await KeptPersonsAsync());
        Assert.Equal(HttpStatusCode.Conflict, await ConfirmAsync(dry));
        Assert.DoesNotContain(Twenty[3].FamilyName!, await RefusedAsync(dry), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_is_kept_for_a_day_and_not_longer()
    {
        var dry = await Registry.UploadAsync(_council, Mixed, 1, dryRun: true);
        _registry.Clock.Advance(TimeSpan.FromHours(26));

        Assert.Equal(HttpStatusCode.Conflict, await ConfirmAsync(dry));
        await Eventually.UntilAsync(KeptPersonsAsync, kept => kept == 0);
    }

    private async Task<HttpStatusCode> ConfirmAsync(JsonElement upload)
    {
        using var answer = await _council.PostAsync($"{Path(upload)}/confirm", null, Registry.Cancelled);
        return answer.StatusCode;
    }

    private Task<string> RefusedAsync(JsonElement upload) =>
        _council.GetStringAsync($"{Path(upload)}/refused-lines", Registry.Cancelled);

    private async Task PutAsync(APlan plan)
    {
        using var answer = await _council.PutAsync(
            $"/plans/{plan.Reference}",
            Registry.Json(plan.Body),
            Registry.Cancelled
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<int> KeptPersonsAsync() =>
        _registry.Service.Db(db =>
            db.StagedLines.CountAsync(
                line =>
                    line.Subject != null
                    || (line.Sent != null && db.Uploads.Any(one => one.Id == line.UploadId && one.DryRun)),
                Registry.Cancelled
            )
        );

    private Task<int> RunningAsync() =>
        _registry.Service.Db(db =>
            db.Plans.CountAsync(plan => plan.DeletedAt == null && plan.EndDate == null, Registry.Cancelled)
        );

    private static string Path(JsonElement upload) => $"/uploads/{upload.GetProperty("id").GetString()}";
}
