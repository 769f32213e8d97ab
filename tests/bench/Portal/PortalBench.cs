using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Safeguarding.Bench.Hub;
using Safeguarding.Bench.Measure;
using Safeguarding.Bench.Sink;
using Spectre.Console.Cli;

namespace Safeguarding.Bench.Portal;

/// <summary>
/// <c>./hub bench portal</c>: how long each page of the portal takes with a full register and a full duty desk, and how
/// much a browser fetches for it.
/// </summary>
internal sealed class PortalBench : AsyncCommand<PortalSettings>
{
    private const string Council = "E08999901";
    private const string Subscription = "bench-portal";
    private const int Councils = 3;
    private const int WarmUp = 5;
    private const double MarkMilliseconds = 100;
    private const int MarkBytes = 100_000;
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        PortalSettings settings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await MeasureAsync(settings, cancellationToken);
            return 0;
        }
        catch (Exception exception) when (exception is BenchFailedException or HttpRequestException)
        {
            Console.Error.WriteLine($"FAILED: {exception.Message}");
            return 2;
        }
    }

    private static async Task MeasureAsync(PortalSettings settings, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        var council = new HubClient(http, Council);
        Console.Error.WriteLine("preparing the hub");
        int[] children = [];
        foreach (var (code, i) in new[] { Council, "E08999902", "E08999903" }.Select((code, i) => (code, i)))
        {
            int[] share = [.. Enumerable.Range(0, settings.Plans).Where(child => child % Councils == i)];
            await LoadRegister.EnsureAsync(new HubClient(http, code), share, cancellationToken);
            if (i == 0)
                children = share;
        }

        await using var sink = await WebhookSink.StartAsync(cancellationToken);
        await BenchSubscription.MakeAsync(council, Subscription, Subscription, sink, cancellationToken);
        try
        {
            var desk = new FillDesk(council, new HubClient(http, "RZ1"));
            var open = await desk.FillAsync(children, settings.Alerts, cancellationToken);
            using var pages = new PortalPages();
            var found = await pages.FindAsync(children[0], cancellationToken);
            var load = LoadAverage();
            var figures = await MeasureAsync(found, settings.Rounds, cancellationToken);
            Console.WriteLine(
                $"{settings.Plans} plans, {open} alerts open; each page asked for by one person at a time, from the "
                    + $"request to its last byte; load average {load} before and {LoadAverage()} after, of "
                    + $"{Environment.ProcessorCount} processors"
            );
            Console.WriteLine(
                $"{"page", -24}{"as", -16}{"times", 7}{"p50 ms", 9}{"p95 ms", 9}{"p99 ms", 9}{"first load kB", 15}"
            );
            foreach (var figure in figures)
            {
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{figure.Page, -24}{figure.Person, -16}{figure.Times, 7}{figure.Milliseconds.P50, 9:F1}{figure.Milliseconds.P95, 9:F1}{figure.Milliseconds.P99, 9:F1}{figure.FirstLoadBytes / 1000.0, 15:F1}"
                    )
                );
            }

            string[] over =
            [
                .. figures
                    .Where(figure => figure.Milliseconds.P95 >= MarkMilliseconds || figure.FirstLoadBytes >= MarkBytes)
                    .Select(figure => figure.Page),
            ];
            Console.WriteLine(
                over is []
                    ? "every page is under 100 ms at p95 and under 100 kB"
                    : $"over 100 ms at p95 or 100 kB: {string.Join(", ", over)}"
            );
            if (settings.JsonFile is { } file)
                await File.WriteAllTextAsync(file, JsonSerializer.Serialize(figures, Readable), cancellationToken);
        }
        finally
        {
            await BenchSubscription.DeleteAsync(council, Subscription, CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<PageFigures>> MeasureAsync(
        IReadOnlyList<PortalPage> pages,
        int rounds,
        CancellationToken cancellationToken
    )
    {
        var firstLoad = new FirstLoad();
        var bytes = new int[pages.Count];
        var times = pages.Select(_ => new List<TimeSpan>()).ToArray();
        var last = new long?[pages.Count];
        for (var round = -WarmUp; round < rounds; round++)
        {
            for (var i = 0; i < pages.Count; i++)
            {
                var page = pages[i];
                if (page.PerMinute is { } most && last[i] is { } before && TooSoon(before, most))
                    continue;
                last[i] = Stopwatch.GetTimestamp();
                var answer = await page.Person.OpenAsync(page.Path, page.Form, cancellationToken);
                // A form that is shown again with what is wrong is no answer.
                if (answer.Status != 200 || answer.Text.Contains("govuk-error-summary", StringComparison.Ordinal))
                    throw new BenchFailedException($"{page.Name} answered {answer.Status}");
                if (round < 0)
                    bytes[i] = await firstLoad.OfAsync(page, answer, cancellationToken);
                else
                    times[i].Add(answer.Took);
            }
        }

        return
        [
            .. pages.Select(
                (page, i) =>
                    new PageFigures(
                        page.Name,
                        page.Person.Name,
                        times[i].Count,
                        Quantiles.Of(times[i]) ?? throw new BenchFailedException($"{page.Name} was not measured."),
                        bytes[i]
                    )
            ),
        ];

        static bool TooSoon(long before, int perMinute) =>
            Stopwatch.GetElapsedTime(before) < TimeSpan.FromMinutes(1) / perMinute;
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}

/// <summary>What a page took.</summary>
/// <param name="Page">Which.</param>
/// <param name="Person">Who opened it.</param>
/// <param name="Times">How often.</param>
/// <param name="Milliseconds">From the request to its last byte.</param>
/// <param name="FirstLoadBytes">Of the page and all that a browser fetches for it when it was never here.</param>
internal sealed record PageFigures(string Page, string Person, int Times, Quantiles Milliseconds, int FirstLoadBytes);
