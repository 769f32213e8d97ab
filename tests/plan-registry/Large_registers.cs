using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Uploads;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>Those of a whole county take minutes, and the memory that they measure is their process's: they run with
/// what takes minutes, after everything else (<c>./hub test faults-bounded</c>).</summary>
public sealed class Large_registers(HubServers servers)
{
    private const int Lines = 150_000;
    private const long HeapAllowed = 160L * 1024 * 1024;

    [Fact]
    [Trait("Run", "bounded")]
    public async Task A_register_of_150_000_lines_loads_in_bounded_memory_and_again_changes_nothing()
    {
        await using var registry = await Registry.StartAsync(servers);
        using var council = registry.Council();
        council.Timeout = TimeSpan.FromMinutes(5);
        await Registry.UploadAsync(council, APlan.File(APlan.Number(1)), 1);
        using var heap = new HeapWatch();

        var started = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var first = await SendAsync(council, 2, Lines);
        var received = Stopwatch.GetElapsedTime(started);
        var cpuReceived = Environment.CpuUsage.TotalTime - cpu;
        var loaded = await Registry.FinishedAsync(council, first, TimeSpan.FromMinutes(5));
        var applied = Stopwatch.GetElapsedTime(started);
        var cpuApplied = Environment.CpuUsage.TotalTime - cpu;
        var again = await Registry.FinishedAsync(council, await SendAsync(council, 3, Lines), TimeSpan.FromMinutes(5));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"received {received.TotalSeconds:0.0} s ({cpuReceived.TotalSeconds:0.0} s of CPU, test included), "
                + $"applied {applied.TotalSeconds:0.0} s ({cpuApplied.TotalSeconds:0.0} s of CPU), "
                + $"again {Stopwatch.GetElapsedTime(started).TotalSeconds - applied.TotalSeconds:0.0} s, heap grew "
                + $"by at most {heap.Growth / 1024 / 1024} MiB"
        );

        Assert.Equal(Lines - 1, loaded.GetProperty("counts").GetProperty("registered").GetInt32());
        Assert.Equal(Lines, again.GetProperty("counts").GetProperty("unchanged").GetInt32());
        Assert.Equal(Lines, await registry.Service.Db(db => db.Plans.CountAsync(Registry.Cancelled)));
        Assert.True(heap.Growth < HeapAllowed, $"The heap grew by {heap.Growth / 1024 / 1024} MiB.");
    }

    [Fact]
    [Trait("Run", "bounded")]
    public async Task A_workbook_of_150_000_rows_loads_in_bounded_memory()
    {
        await using var registry = await Registry.StartAsync(servers);
        using var council = registry.Council();
        council.Timeout = TimeSpan.FromMinutes(5);
        var workbook = AWorkbook.Of(
            (
                "Plans",
                Enumerable
                    .Range(1, Lines)
                    .Select(n => (object?[])APlan.Number(n).Line.Split(','))
                    .Prepend(APlan.Header.Split(','))
            )
        );
        using var heap = new HeapWatch();

        var started = Stopwatch.GetTimestamp();
        var answer = await Registry.PostUploadAsync(council, workbook, 1, contentType: UploadFormats.WorkbookType);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{workbook.Length / 1024 / 1024} MiB received in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} "
                + $"s, heap grew by at most {heap.Growth / 1024 / 1024} MiB"
        );

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(Lines, (await Registry.JsonAsync(answer)).GetProperty("progress").GetProperty("lines").GetInt32());
        Assert.True(heap.Growth < HeapAllowed, $"The heap grew by {heap.Growth / 1024 / 1024} MiB.");
    }

    [Fact]
    public async Task Blank_lines_without_end_are_refused_as_too_many()
    {
        await using var registry = await Registry.StartAsync(servers);
        using var council = registry.Council();
        var blank = new string('\n', LineReader.Most);

        var answer = await Registry.PostUploadAsync(
            council,
            Encoding.UTF8.GetBytes($"{APlan.Header}\n{APlan.Number(1).Line}\n{blank}"),
            1
        );

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains(
            "too-many-lines",
            await answer.Content.ReadAsStringAsync(Registry.Cancelled),
            StringComparison.Ordinal
        );
    }

    private static async Task<Uri> SendAsync(HttpClient council, long sequence, int lines)
    {
        using var content = new GeneratedRegister(lines);
        var answer = await council.PostAsync($"/uploads?mode=full&sequence={sequence}", content, Registry.Cancelled);
        Assert.True(
            answer.StatusCode == HttpStatusCode.Accepted,
            await answer.Content.ReadAsStringAsync(Registry.Cancelled)
        );
        return answer.Headers.Location!;
    }

    /// <summary>Written as it is sent, so that the test itself holds no register either.</summary>
    private sealed class GeneratedRegister : HttpContent
    {
        private readonly int _lines;

        public GeneratedRegister(int lines)
        {
            _lines = lines;
            Headers.ContentType = new MediaTypeHeaderValue("text/csv");
            Headers.ContentEncoding.Add("gzip");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            await using var writer = new StreamWriter(gzip, new UTF8Encoding(false), 64 * 1024);
            await writer.WriteAsync(APlan.Header + "\n");
            for (var n = 1; n <= _lines; n++)
                await writer.WriteAsync(APlan.Number(n).Line + "\n");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Samples what the process really keeps, which is service and test together.</summary>
    private sealed class HeapWatch : IDisposable
    {
        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        private readonly Timer _timer;
        private long _peak;

        public HeapWatch() => _timer = new Timer(_ => Sample(), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        public long Growth => Math.Max(0, Volatile.Read(ref _peak) - _before);

        public void Dispose() => _timer.Dispose();

        private void Sample()
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true);
            var now = GC.GetTotalMemory(forceFullCollection: false);
            if (now > _peak)
                Volatile.Write(ref _peak, now);
        }
    }
}
