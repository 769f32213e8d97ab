using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Uploads;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A body that comes slowly holds nothing that others need.</summary>
public sealed class Slow_uploads(HubServers servers)
{
    private const int Connections = 6;

    [Fact]
    public async Task Slow_bodies_hold_no_connection_and_each_council_has_so_many_at_once()
    {
        await using var surroundings = await Surroundings.CreateAsync(servers);
        await using var registry = await Registry.StartAsync(
            servers,
            surroundings,
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:Hub"] = $"{surroundings.Database};Maximum Pool Size={Connections};Timeout=30",
                ["Uploads:PerCouncil"] = "2",
            }
        );
        // Twice as many as there are connections.
        var councils = Enumerable.Range(1, Connections).Select(n => registry.Council($"E06{n:D6}")).ToList();
        var slow = new List<Slow>();
        foreach (var sequence in new[] { 1, 2 })
        {
            slow.AddRange(councils.Select(council => Slow.Post(council, sequence)));
            await Eventually.UntilAsync(
                () => registry.Service.Db(db => db.Uploads.CountAsync(Registry.Cancelled)),
                count => count == slow.Count
            );
        }

        using var other = registry.Council();
        var plan = APlan.Number(1);
        var put = await other.PutAsync($"/plans/{plan.Reference}", Registry.Json(plan.Body), Registry.Cancelled);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var file = APlan.File(APlan.Number(2));
        Assert.Equal(
            "completed",
            (await Registry.UploadAsync(other, file, 1, "changes")).GetProperty("state").GetString()
        );
        var third = await Registry.PostUploadAsync(councils[0], Encoding.UTF8.GetBytes(file), 3, "changes");
        Assert.Equal(
            (HttpStatusCode.TooManyRequests, "too-many-uploads", TimeSpan.FromSeconds(30)),
            (
                third.StatusCode,
                (await Registry.JsonAsync(third)).GetProperty("code").GetString(),
                third.Headers.RetryAfter?.Delta
            )
        );

        foreach (var one in slow)
            Assert.Equal(HttpStatusCode.Accepted, (await one.EndAsync()).StatusCode);
        Assert.Equal(
            "completed",
            (await Registry.UploadAsync(councils[0], file, 3, "changes")).GetProperty("state").GetString()
        );
        Assert.Equal(
            slow.Count + 2,
            await registry.Service.Db(db =>
                db.Uploads.CountAsync(one => one.State == UploadState.Completed, Registry.Cancelled)
            )
        );
    }

    [Fact]
    public async Task A_slow_body_is_heard_of_and_an_abandoned_one_changes_nothing()
    {
        await using var registry = await Registry.StartAsync(servers);
        using var council = registry.Council();
        var slow = Slow.Post(council, 1);
        await ReadAsync(registry, upload => upload is not null);

        await SilentForAsync(registry, UploadHeartbeat.LongestSilence / 5);
        var before = (await ReadAsync(registry, _ => true))!.HeardAt;
        await ReadAsync(registry, upload => upload!.HeardAt > before);

        // As if the process had been stopped for a minute.
        var failed = await Eventually.UntilAsync(
            async () =>
            {
                // A beat may come before it is missed.
                await SilentForAsync(registry, UploadHeartbeat.LongestSilence * 2);
                return await ReadAsync(registry, _ => true);
            },
            upload => upload!.State == UploadState.Failed
        );
        Assert.Equal("cut-off", failed!.FailureCode);
        var ended = await slow.EndAsync();

        Assert.Equal(
            (HttpStatusCode.Conflict, "cut-off"),
            (ended.StatusCode, (await Registry.JsonAsync(ended)).GetProperty("code").GetString())
        );
        Assert.Equal(0, await registry.Service.Db(db => db.StagedLines.CountAsync(Registry.Cancelled)));
        Assert.Equal(0, await registry.Service.Db(db => db.Plans.CountAsync(Registry.Cancelled)));
        var again = await Registry.UploadAsync(council, APlan.File(APlan.Number(1)), 1, "changes");
        Assert.Equal("completed", again.GetProperty("state").GetString());
    }

    private static Task<Upload?> ReadAsync(Registry registry, Func<Upload?, bool> until) =>
        Eventually.UntilAsync(
            () => registry.Service.Db(db => db.Uploads.AsNoTracking().SingleOrDefaultAsync(Registry.Cancelled)),
            until
        );

    private static Task<int> SilentForAsync(Registry registry, TimeSpan time) =>
        registry.Service.Db(db =>
            db.Database.ExecuteSqlAsync(
                $"UPDATE plan_registry.upload SET heard_at = clock_timestamp() - {time}",
                Registry.Cancelled
            )
        );

    /// <summary>A body of which all but the last line has come.</summary>
    private sealed class Slow : HttpContent
    {
        // Enough for the server not to end it for its pace.
        private static readonly byte[] Most = Encoding.UTF8.GetBytes(
            APlan.File(Enumerable.Range(1, 500).Select(APlan.Number))
        );

        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task<HttpResponseMessage>? _answer;

        private Slow() => Headers.ContentType = MediaTypeHeaderValue.Parse("text/csv");

        public static Slow Post(HttpClient council, long sequence)
        {
            var slow = new Slow();
            slow._answer = council.PostAsync($"/uploads?mode=changes&sequence={sequence}", slow, Registry.Cancelled);
            return slow;
        }

        public Task<HttpResponseMessage> EndAsync()
        {
            _end.TrySetResult();
            return _answer!;
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Most);
            await stream.FlushAsync();
            await _end.Task;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(APlan.Number(501).Line + "\n"));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
