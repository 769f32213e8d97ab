using System.ComponentModel;
using System.Diagnostics;
using Safeguarding.Bench.Hub;
using Safeguarding.Bench.Load;
using Safeguarding.Bench.Sink;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Safeguarding.Bench.Cold;

/// <summary>
/// <c>./hub bench cold</c>: each service is started again, one after the other, until it is ready; then a few
/// encounters are posted one at a time. What does the first one wait for?
/// </summary>
internal sealed class ColdBench : AsyncCommand<ColdBench.Settings>
{
    private const string Council = "E08999901";
    private const string Subscription = "bench-cold";
    private const int Posts = 10;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await MeasureAsync(settings.Rounds, cancellationToken);
            return 0;
        }
        catch (Exception exception) when (exception is BenchFailedException or HttpRequestException)
        {
            Console.Error.WriteLine($"FAILED: {exception.Message}");
            return 2;
        }
    }

    private static async Task MeasureAsync(int rounds, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var council = new HubClient(http, Council);
        int[] children = [.. Enumerable.Range(0, rounds * Posts).Select(i => i * 3)];
        await LoadRegister.EnsureAsync(council, children, cancellationToken);
        await using var sink = await WebhookSink.StartAsync(cancellationToken);
        await BenchSubscription.MakeAsync(council, Subscription, Subscription, sink, cancellationToken);
        ServiceOnThisMachine[] services =
        [
            new("identity", HubAddresses.Identity),
            new("plan-registry", HubAddresses.PlanRegistry),
            new("encounter-ingest", HubAddresses.EncounterIngest),
            new("matching", HubAddresses.Matching),
            new("notification", HubAddresses.Notification),
        ];
        var ready = services.ToDictionary(service => service.Name, _ => new List<TimeSpan>(), StringComparer.Ordinal);
        var posts = new List<(TimeSpan Post, TimeSpan Webhook)[]>();
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                Console.Error.WriteLine($"round {round + 1} of {rounds}");
                foreach (var service in services)
                    ready[service.Name].Add(await service.RestartAsync(http, cancellationToken));
                // Its first request is a token; a trust has one already.
                var trust = new HubClient(http, "RZ1");
                await trust.TokenAsync(cancellationToken);
                var run = Guid.CreateVersion7().ToString("N");
                var times = new (TimeSpan, TimeSpan)[Posts];
                for (var i = 0; i < Posts; i++)
                {
                    var child = children[round * Posts + i];
                    times[i] = await PostAsync(trust, $"{run}-{i}", child, sink, cancellationToken);
                }

                posts.Add(times);
            }
        }
        finally
        {
            await BenchSubscription.DeleteAsync(council, Subscription, CancellationToken.None);
        }

        Console.WriteLine($"medians of {rounds}, ms; one service started at a time, the others running");
        foreach (var (name, times) in ready)
            Console.WriteLine($"{name + ", start to ready", -36}{Median(times), 8:F0}");
        Console.WriteLine($"{"", -36}{"POST", 8}{"webhook", 10}");
        foreach (var (title, index) in new[] { ("first encounter", 0), ("second", 1), ($"{Posts}th", Posts - 1) })
        {
            Console.WriteLine(
                $"{title, -36}{Median(posts.Select(round => round[index].Post)), 8:F0}"
                    + $"{Median(posts.Select(round => round[index].Webhook)), 10:F0}"
            );
        }
    }

    private static async Task<(TimeSpan Post, TimeSpan Webhook)> PostAsync(
        HubClient trust,
        string identifier,
        int child,
        WebhookSink sink,
        CancellationToken cancellationToken
    )
    {
        sink.Clear();
        var began = await OneEncounter.PostAsync(trust, identifier, child, cancellationToken);
        var post = Stopwatch.GetElapsedTime(began);
        while (sink.Count == 0)
        {
            if (Stopwatch.GetElapsedTime(began) > Timeout)
                throw new BenchFailedException($"No webhook came within {Timeout.TotalSeconds:F0} s.");
            await Task.Delay(2, cancellationToken);
        }

        return (post, Stopwatch.GetElapsedTime(began, sink.Received.First().At));
    }

    private static double Median(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalMilliseconds).Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--rounds <NUMBER>")]
        [Description("How often each service is started again.")]
        [DefaultValue(3)]
        public int Rounds { get; init; }

        public override ValidationResult Validate() =>
            Rounds is >= 1 and <= 20
                ? ValidationResult.Success()
                : ValidationResult.Error("--rounds must be a number from 1 to 20.");
    }
}
