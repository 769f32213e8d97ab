using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Audit;
using Safeguarding.PlanRegistry.Uploads;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>One wrong file must not undo a register, whatever is wrong with it and in either mode.</summary>
public sealed class Wrong_files(HubServers servers) : IAsyncLifetime
{
    // Each child has a name of its own, so that a name of another row is another name.
    private static readonly IReadOnlyList<APlan> Thirty =
    [
        .. Enumerable
            .Range(1, 30)
            .Select(n =>
                APlan.Number(n) with
                {
                    FamilyName = $"Dor{(char)('a' + (n % 26))}{(char)('a' + (n / 26))}field",
                    GivenNames = $"Rob{(char)('a' + (n % 26))}{(char)('a' + (n / 26))}n",
                }
            ),
    ];

    private Registry _registry = null!;
    private HttpClient _council = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await Registry.StartAsync(servers);
        _council = _registry.Council();
        await Registry.UploadAsync(_council, APlan.File(Thirty), 1);
        _registry.Clock.Advance(TimeSpan.FromDays(1));
    }

    public ValueTask DisposeAsync()
    {
        _council.Dispose();
        return _registry.DisposeAsync();
    }

    [Fact]
    public async Task What_would_undo_the_register_waits_and_leaves_every_running_plan_as_it_is()
    {
        static APlan Below(APlan plan) => Thirty[(Thirty.ToList().IndexOf(plan) + 1) % Thirty.Count];
        var wrong = new (string What, Func<APlan, APlan> Change, string Counted)[]
        {
            ("the numbers moved one row", plan => plan with { NhsNumber = Below(plan).NhsNumber }, "30 0 0"),
            ("one number on all rows", plan => plan with { NhsNumber = Thirty[0].NhsNumber }, "29 0 0"),
            ("the numbers are gone", plan => plan with { NhsNumber = null, IdentifierState = "unknown" }, "30 0 0"),
            ("the family names moved one row", plan => plan with { FamilyName = Below(plan).FamilyName }, "30 0 0"),
            ("the given names moved one row", plan => plan with { GivenNames = Below(plan).GivenNames }, "30 0 0"),
            ("the dates of birth moved one row", plan => plan with { BirthDate = Below(plan).BirthDate }, "30 0 0"),
            ("the dates of birth are gone", plan => plan with { BirthDate = "" }, "30 0 0"),
            ("an end date on all rows", plan => plan with { EndDate = "2026-11-01" }, "0 30 0"),
            (
                "all rows end",
                plan => new APlan
                {
                    Reference = plan.Reference,
                    Action = "end",
                    EndDate = "2026-11-01",
                },
                "0 30 0"
            ),
            ("all rows delete", plan => new APlan { Reference = plan.Reference, Action = "delete" }, "0 0 30"),
        };
        var before = await PlansAsync();
        var sequence = 1;
        foreach (var (what, change, counted) in wrong)
        {
            foreach (var mode in new[] { "full", "changes" })
            {
                var upload = await Registry.UploadAsync(_council, APlan.File(Thirty.Select(change)), ++sequence, mode);
                var effect = upload.GetProperty("effect");
                Assert.True(
                    ("awaiting-confirmation", counted)
                        == (
                            State(upload),
                            $"{effect.GetProperty("identityChanges")} {effect.GetProperty("ended")} {effect.GetProperty("deleted")}"
                        ),
                    $"{what}, {mode}: {upload.GetRawText()}"
                );
                Assert.Equal("more-than-limit", effect.GetProperty("needConfirmationBecause")[0].GetString());
                Assert.Equal(
                    HttpStatusCode.OK,
                    (await _council.PostAsync($"{Path(upload)}/discard", null, Registry.Cancelled)).StatusCode
                );
                Assert.True(before.SequenceEqual(await PlansAsync()), $"{what}, {mode}");
            }
        }

        Assert.Equal(
            0,
            await _registry.Service.Db(db =>
                db.StagedLines.CountAsync(line => line.Subject != null, Registry.Cancelled)
            )
        );
    }

    [Fact]
    public async Task A_column_that_cannot_be_used_on_any_line_changes_no_plan()
    {
        var before = await PlansAsync();
        var unusable = Thirty.Select(plan => plan with { BirthDate = "N/A", Postcode = "N/A", FamilyName = "UNKNOWN" });
        var upload = await Registry.UploadAsync(_council, APlan.File(unusable), 2);

        Assert.Equal("completed", State(upload));
        Assert.Equal(30, upload.GetProperty("counts").GetProperty("unchanged").GetInt32());
        Assert.Equal(before, await PlansAsync());
    }

    [Fact]
    public async Task What_is_harmless_is_applied_at_once_and_the_rest_on_the_councils_word()
    {
        var file = APlan.File([
            .. Thirty.Take(3).Select(plan => plan with { EndDate = "2026-11-01" }),
            Thirty[3] with
            {
                Action = "delete",
            },
            Thirty[4] with
            {
                Postcode = "ZZ9 9ZZ",
            },
            APlan.Number(90),
        ]);

        var dry = await Registry.UploadAsync(_council, file, 2, "changes", dryRun: true);
        var upload = await Registry.UploadAsync(_council, file, 2, "changes");
        Assert.Equal(
            ["held", "held", "held", "held", "amended", "registered"],
            (await Registry.LinesAsync(_council, upload)).Select(line => line.Outcome)
        );
        Assert.Equal((4, 4), (Held(dry), Held(upload)));
        var listed = (await Registry.GetAsync(_council, "/uploads?state=awaiting-confirmation"))
            .GetProperty("uploads")
            .EnumerateArray()
            .ToList();
        Assert.Equal(upload.GetProperty("id").GetString(), Assert.Single(listed).GetProperty("id").GetString());

        // Somebody amends one of them while it waits: that plan is known to be alive.
        _registry.Clock.Advance(TimeSpan.FromHours(1));
        await _council.PutAsync(
            $"/plans/{Thirty[1].Reference}",
            Registry.Json((Thirty[1] with { Sex = "male" }).Body),
            Registry.Cancelled
        );
        var done = await Registry.FinishedAsync(
            _council,
            (await _council.PostAsync($"{Path(upload)}/confirm", null, Registry.Cancelled)).Headers.Location!
        );

        Assert.Equal("completed", State(done));
        Assert.Equal(
            ["ended", "refused", "ended", "deleted", "amended", "registered"],
            (await Registry.LinesAsync(_council, done)).Select(line => line.Outcome)
        );
        Assert.Equal(0, Held(done));
    }

    [Fact]
    public async Task Where_the_file_gives_plans_to_others_no_child_is_registered_from_it_unasked()
    {
        var file = APlan.File([
            .. Thirty
                .Take(4)
                .Select(plan => plan with { NhsNumber = APlan.Number(200 + Thirty.ToList().IndexOf(plan)).NhsNumber }),
            APlan.Number(90),
        ]);

        var upload = await Registry.UploadAsync(_council, file, 2, "changes");

        Assert.Equal(("awaiting-confirmation", 5), (State(upload), Held(upload)));
        Assert.Contains(
            "identity-changes",
            upload.GetProperty("effect").GetProperty("needConfirmationBecause").GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Two_plans_never_wait_and_a_number_that_is_new_is_no_change_of_person()
    {
        using var kent = _registry.Council(Registry.Kent);
        APlan[] few =
        [
            .. Enumerable
                .Range(300, 4)
                .Select(n => APlan.Number(n) with { NhsNumber = null, IdentifierState = "unknown" }),
        ];
        await Registry.UploadAsync(kent, APlan.File(few), 1);

        var numbered = await Registry.UploadAsync(kent, APlan.File(Enumerable.Range(300, 4).Select(APlan.Number)), 2);
        var weekly = await Registry.UploadAsync(
            kent,
            APlan.File(APlan.Number(300), APlan.Number(301) with { EndDate = "2026-11-01" }, APlan.Number(302)),
            3
        );

        Assert.Equal(("completed", "completed"), (State(numbered), State(weekly)));
        Assert.Equal(1, weekly.GetProperty("endings").GetProperty("ended").GetInt32());
    }

    [Fact]
    public async Task One_number_on_several_lines_and_references_nearly_known_are_said()
    {
        var upload = await Registry.UploadAsync(
            _council,
            APlan.File(
                APlan.Number(90),
                APlan.Number(91) with
                {
                    NhsNumber = APlan.Number(90).NhsNumber,
                },
                APlan.Number(92) with
                {
                    NhsNumber = APlan.Number(90).NhsNumber,
                    Kind = "looked-after",
                    BirthDate = APlan.Number(90).BirthDate,
                },
                APlan.Number(93) with
                {
                    Reference = "cp-07",
                },
                APlan.Number(94)
            ),
            2,
            "changes"
        );
        var twoKinds = await Registry.UploadAsync(
            _council,
            APlan.File(APlan.Number(95), APlan.Number(95) with { Reference = "LA-95", Kind = "looked-after" }),
            3,
            "changes"
        );

        Assert.Equal(
            [
                (2, "registered", "nhs-number-repeated"),
                (3, "registered", "nhs-number-repeated"),
                (4, "registered", "nhs-number-repeated"),
                (5, "registered", "reference-nearly-known"),
                (6, "registered", null),
            ],
            await Registry.LinesAsync(_council, upload)
        );
        Assert.Equal(4, upload.GetProperty("counts").GetProperty("warned").GetInt32());
        Assert.Equal([(2, "registered", null), (3, "registered", null)], await Registry.LinesAsync(_council, twoKinds));
    }

    [Fact]
    public async Task A_dry_run_needs_no_number_and_takes_none()
    {
        using var content = new StringContent(APlan.File(Thirty), Encoding.UTF8, "text/csv");
        var answer = await _council.PostAsync("/uploads?mode=full&dryRun=true", content, Registry.Cancelled);
        var dry = await Registry.FinishedAsync(_council, answer.Headers.Location!);
        var old = await Registry.UploadAsync(_council, APlan.File(Thirty), 1, dryRun: true);

        Assert.Equal(("completed", "completed"), (State(dry), State(old)));
        Assert.Equal("completed", State(await Registry.UploadAsync(_council, APlan.File(Thirty), 2)));
    }

    [Fact]
    public async Task The_council_is_notified_once_of_what_waits_and_its_age_is_measured()
    {
        var told = await _registry.Service.Bus.ListenAsync<PlanUploadAwaitsConfirmation>();
        var watch = _registry.Service.Services.GetServices<IHostedService>().OfType<WatchWaitingUploads>().Single();
        // Four are left out, three end, one is deleted, and one is somebody else.
        var file = APlan.File([
            .. Thirty.Take(3).Select(plan => plan with { EndDate = "2026-11-01" }),
            Thirty[3] with
            {
                Action = "delete",
            },
            Thirty[4] with
            {
                BirthDate = "2011-11-11",
            },
            .. Thirty.Skip(9),
        ]);
        Assert.Empty(await watch.CountAsync(Registry.Cancelled));

        await Registry.UploadAsync(_council, file, 2, dryRun: true);
        var upload = await Registry.UploadAsync(_council, file, 2);
        var since = _registry.Clock.GetUtcNow();
        _registry.Clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal(
            new PlanUploadAwaitsConfirmation(
                upload.GetProperty("id").GetGuid(),
                Registry.Hackney,
                2,
                30,
                7,
                1,
                1,
                since
            ),
            await told.One(_ => true)
        );
        Assert.Equal(
            new WaitingUploads(Registry.Hackney, 1, TimeSpan.FromHours(25).TotalSeconds),
            Assert.Single(await watch.CountAsync(Registry.Cancelled))
        );
        Assert.Equal(
            "hub",
            await _registry.Service.Db(db =>
                db.Set<AuditRecord>()
                    .Where(audit => audit.Act == "upload.awaiting-confirmation")
                    .Select(audit => audit.ClientId)
                    .SingleAsync(Registry.Cancelled)
            )
        );

        await Registry.FinishedAsync(
            _council,
            (await _council.PostAsync($"{Path(upload)}/confirm", null, Registry.Cancelled)).Headers.Location!
        );
        Assert.Empty(await watch.CountAsync(Registry.Cancelled));
        Assert.Single(told.All);
    }

    private static int Held(JsonElement upload) => upload.GetProperty("effect").GetProperty("held").GetInt32();

    private static string? State(JsonElement upload) => upload.GetProperty("state").GetString();

    private static string Path(JsonElement upload) => $"/uploads/{upload.GetProperty("id").GetString()}";

    private Task<List<string>> PlansAsync() =>
        _registry.Service.Db(async db =>
            (await db.Plans.AsNoTracking().OrderBy(plan => plan.Reference).ToListAsync(Registry.Cancelled)).ConvertAll(
                plan => $"{plan.Reference} {plan.Version} {plan.EndDate} {plan.DeletedAt}"
            )
        );
}
