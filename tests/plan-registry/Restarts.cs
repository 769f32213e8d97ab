using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Safeguarding.Contracts.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

public sealed class Restarts(HubServers servers)
{
    [Fact]
    public async Task An_upload_goes_on_after_a_restart_where_it_was_and_no_line_is_done_twice()
    {
        const int Lines = 10_000;
        await using var surroundings = await Surroundings.CreateAsync(servers);
        var registered = await surroundings.Bus.ListenAsync<PlanRegistered>();
        Uri location;
        await using (var first = await Registry.StartAsync(servers, surroundings))
        {
            using var council = first.Council();
            location = (
                await Registry.PostUploadAsync(
                    council,
                    Encoding.UTF8.GetBytes(APlan.File(Enumerable.Range(1, Lines).Select(APlan.Number))),
                    1
                )
            )
                .Headers
                .Location!;
            await Eventually.UntilAsync(() =>
                first.Service.Db(db => db.Uploads.AnyAsync(upload => upload.LinesDone > 0, Registry.Cancelled))
            );
        }

        await using var second = await Registry.StartAsync(servers, surroundings);
        var before = await second.Service.Db(db =>
            db.Uploads.Select(upload => upload.LinesDone).SingleAsync(Registry.Cancelled)
        );
        using var same = second.Council();
        var upload = await Registry.FinishedAsync(same, location, TimeSpan.FromMinutes(2));

        Assert.InRange(before, 1, Lines - 1);
        Assert.Equal(Lines, upload.GetProperty("counts").GetProperty("registered").GetInt32());
        var events = await registered.AtLeast(Lines, TimeSpan.FromMinutes(2));
        Assert.Equal(Lines, events.Select(e => e.PlanId).Distinct().Count());
        Assert.All(events, e => Assert.Equal(1, e.Version));
    }

    [Fact]
    public async Task While_the_database_is_unavailable_an_upload_is_503_and_leaves_nothing_behind()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        var database = new NpgsqlConnectionStringBuilder(surroundings.Database);
        await using var proxy = TcpProxy.Start(database.Host!, database.Port);
        (database.Host, database.Port, database.Timeout) = ("127.0.0.1", proxy.Port, 15);
        await using var service = await ServiceUnderTest<PlanRegistryDb>.StartAsync(
            servers,
            new Dictionary<string, string?> { ["ConnectionStrings:Hub"] = database.ConnectionString },
            surroundings: surroundings
        );
        using var council = service.Client(Registry.Hackney, "plan.write", "plan.read");
        var file = Encoding.UTF8.GetBytes(APlan.File(APlan.Number(1), APlan.Number(2) with { StartDate = "never" }));

        proxy.Stop();
        using var away = await Registry.PostUploadAsync(council, file, 1);
        using var put = await council.PutAsync("/plans/CP-1", Registry.Json(APlan.Number(1).Body), Registry.Cancelled);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable),
            (away.StatusCode, put.StatusCode)
        );

        proxy.Resume();
        // Connections of before, of the worker's login, of which no request has found out.
        service.Services.GetRequiredService<NpgsqlDataSource>().Clear();
        Assert.Equal((0, 0, 0), await service.Db(CountAsync));
        // The number is still free.
        var upload = await Eventually.UntilAsync(
            () => Registry.PostUploadAsync(council, file, 1),
            answer => answer.StatusCode == HttpStatusCode.Accepted
        );
        await Registry.FinishedAsync(council, upload.Headers.Location!);
        Assert.Equal((1, 2, 1), await service.Db(CountAsync));

        static async Task<(int Uploads, int Lines, int Plans)> CountAsync(PlanRegistryDb db) =>
            (
                await db.Uploads.CountAsync(Registry.Cancelled),
                await db.StagedLines.CountAsync(Registry.Cancelled),
                await db.Plans.CountAsync(Registry.Cancelled)
            );
    }

    [Fact]
    public async Task What_was_coming_in_when_the_process_died_is_failed_and_holds_up_nobody()
    {
        await using var registry = await Registry.StartAsync(servers);
        using var council = registry.Council();
        var id = Guid.CreateVersion7();
        // What a process leaves behind: an upload that is still coming in, some of its lines, and when it was last
        // heard.
        await registry.Service.Db(async db =>
        {
            db.Add(
                new Upload
                {
                    Id = id,
                    CouncilCode = Registry.Hackney,
                    ClientId = "dead",
                    Sequence = 1,
                    Mode = UploadMode.Changes,
                    DryRun = false,
                    Format = UploadFormat.Csv,
                    ReceivedAt = registry.Clock.GetUtcNow(),
                    HeardAt = TimeProvider.System.GetUtcNow(),
                }
            );
            db.Add(
                new StagedLine
                {
                    UploadId = id,
                    Line = 2,
                    Reference = "CP-9",
                }
            );
            return await db.SaveChangesAsync(Registry.Cancelled);
        });
        var busy = await Registry.PostUploadAsync(
            council,
            Encoding.UTF8.GetBytes(APlan.File(APlan.Number(1))),
            1,
            "changes"
        );
        Assert.Equal(HttpStatusCode.Conflict, busy.StatusCode);
        Assert.Equal("upload-in-progress", (await Registry.JsonAsync(busy)).GetProperty("code").GetString());

        await registry.Service.Db(db =>
            db.Uploads.ExecuteUpdateAsync(
                set => set.SetProperty(one => one.HeardAt, TimeProvider.System.GetUtcNow().AddMinutes(-1)),
                Registry.Cancelled
            )
        );
        var upload = await Registry.UploadAsync(council, APlan.File(APlan.Number(1)), 1, "changes");

        Assert.Equal("completed", upload.GetProperty("state").GetString());
        Assert.Equal(
            "cut-off",
            await registry.Service.Db(db =>
                db.Uploads.Where(u => u.Id == id).Select(u => u.FailureCode).SingleAsync(Registry.Cancelled)
            )
        );
        Assert.False(
            await registry.Service.Db(db => db.StagedLines.AnyAsync(line => line.UploadId == id, Registry.Cancelled))
        );
    }

    [Fact]
    public async Task Replicas_that_start_at_once_on_an_empty_database_all_start()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);

        var replicas = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => Registry.StartAsync(servers, surroundings)))
        );

        foreach (var replica in replicas)
        {
            using var anonymous = replica.Service.Anonymous();
            using var answer = await anonymous.GetAsync("/health/ready", Registry.Cancelled);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await replica.DisposeAsync();
        }
    }
}
