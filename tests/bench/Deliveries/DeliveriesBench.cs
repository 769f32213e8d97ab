using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Safeguarding.Bench.Hub;
using Safeguarding.Bench.Load;
using Safeguarding.Bench.Measure;
using Safeguarding.Bench.Sink;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Safeguarding.Bench.Deliveries;

/// <summary>
/// <c>./hub bench deliveries</c>: one council with 50 endpoints. First all of them answer; then 10 take every request
/// and say nothing, with a backlog waiting for each. What does the POST-to-webhook time of the other 40 do?
/// </summary>
internal sealed class DeliveriesBench : AsyncCommand<DeliveriesBench.Settings>
{
    private const string Council = "E08999901";
    private const int Endpoints = 50;
    private const int Hanging = 10;
    private const int Backlog = 40;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await MeasureAsync(settings.Encounters, cancellationToken);
        }
        catch (Exception exception) when (exception is BenchFailedException or HttpRequestException)
        {
            Console.Error.WriteLine($"FAILED: {exception.Message}");
            return 2;
        }
    }

    private static async Task<int> MeasureAsync(int encounters, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var (council, trust) = (new HubClient(http, Council), new HubClient(http, "RZ1"));
        // Each encounter is another child's, so that no rule about repeats takes part. Every third child is this
        // council's in the other benches too.
        int[] children = [.. Enumerable.Range(0, 2 * encounters + Backlog + 10).Select(i => i * 3)];
        Console.Error.WriteLine($"preparing: {children.Length} plans, {Endpoints} endpoints");
        await LoadRegister.EnsureAsync(council, children, cancellationToken);
        await using var sink = await WebhookSink.StartAsync(cancellationToken);
        using var silence = SilentListener.Start();
        var run = Guid.CreateVersion7().ToString("N");
        var next = 0;
        try
        {
            for (var i = 0; i < Endpoints; i++)
                await BenchSubscription.MakeAsync(council, NameOf(i), NameOf(i), sink, cancellationToken);

            Task<long> Post() => OneEncounter.PostAsync(trust, $"{run}-{next}", children[next++], cancellationToken);

            // One at a time, so that what is measured is the way and not the queue.
            async Task<List<TimeSpan>> Round(int count, Func<string, bool> measured, int expected)
            {
                List<TimeSpan> times = [];
                for (var i = 0; i < count; i++)
                {
                    sink.Clear();
                    var began = await Post();
                    await UntilAsync(
                        () => sink.Received.Count(hook => measured(hook.Receiver)) >= expected,
                        $"{expected} webhooks of encounter {i}",
                        cancellationToken
                    );
                    times.AddRange(
                        sink.Received.Where(hook => measured(hook.Receiver))
                            .Select(hook => Stopwatch.GetElapsedTime(began, hook.At))
                    );
                }
                return times;
            }

            var well = NamesFrom(Hanging);
            await Round(10, _ => true, Endpoints);
            Console.Error.WriteLine($"all {Endpoints} answer: {encounters} encounters");
            var before = await Round(encounters, well.Contains, well.Count);
            for (var i = 0; i < Hanging; i++)
                await BenchSubscription.PutAsync(council, NameOf(i), silence.Address, cancellationToken);
            sink.Clear();
            for (var i = 0; i < Backlog; i++)
                await Post();
            await UntilAsync(
                () => sink.Received.Count(hook => well.Contains(hook.Receiver)) >= Backlog * well.Count,
                "the backlog at those that answer",
                cancellationToken
            );
            await UntilAsync(
                () => silence.Connections >= Hanging,
                "the silent endpoints to be called",
                cancellationToken
            );
            Console.Error.WriteLine($"{Hanging} hang, {Backlog} alerts waiting for each: {encounters} encounters");
            var during = await Round(encounters, well.Contains, well.Count);
            Console.WriteLine(
                $"{encounters} encounters a row, one at a time, to {Endpoints} endpoints; POST to webhook at the "
                    + $"{well.Count} that answer, ms"
            );
            Console.WriteLine($"{"", -32}{"webhooks", 10}{"p50", 10}{"p95", 10}{"p99", 10}");
            Row($"all {Endpoints} answer", before);
            Row($"{Hanging} of them hang", during);
            Console.WriteLine(
                $"forged {sink.Forged}, repeated {sink.Repeats}; requests that the silent ones took: "
                    + $"{silence.Connections}"
            );
            return 0;
        }
        finally
        {
            for (var i = 0; i < Endpoints; i++)
                await BenchSubscription.DeleteAsync(council, NameOf(i), CancellationToken.None);
        }
    }

    private static void Row(string name, List<TimeSpan> times)
    {
        var quantiles = Quantiles.Of(times)!;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -32}{times.Count, 10}{quantiles.P50, 10:F1}{quantiles.P95, 10:F1}{quantiles.P99, 10:F1}"
            )
        );
    }

    private static string NameOf(int endpoint) => string.Create(CultureInfo.InvariantCulture, $"bench-{endpoint}");

    private static HashSet<string> NamesFrom(int first) =>
        [.. Enumerable.Range(first, Endpoints - first).Select(NameOf)];

    private static async Task UntilAsync(Func<bool> condition, string what, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Timeout)
                throw new BenchFailedException($"Waited {Timeout.TotalSeconds:F0} s in vain for {what}.");
            await Task.Delay(2, cancellationToken);
        }
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--encounters <NUMBER>")]
        [Description("How many are posted one at a time, first with all endpoints well, then with 10 of them hanging.")]
        [DefaultValue(100)]
        public int Encounters { get; init; }

        public override ValidationResult Validate() =>
            Encounters is >= 10 and <= 1000
                ? ValidationResult.Success()
                : ValidationResult.Error("--encounters must be a number from 10 to 1000.");
    }
}
