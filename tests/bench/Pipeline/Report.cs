using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Safeguarding.Bench.Measure;
using Safeguarding.Bench.Peer;

namespace Safeguarding.Bench.Pipeline;

/// <summary>
/// The rounds as a table for people and as JSON for programs; with peers, what the hub is beside
/// each.
/// </summary>
internal sealed class Report(PipelineSettings options, IReadOnlyList<Measurement> rounds)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        // A ratio to a peer that carried nothing.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
    private static readonly CompositeFormat Line = CompositeFormat.Parse("{0,-34}{1}");

    public string Table()
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{Load}, {options.HitPercent} % hits, {options.Plans} plans, {options.WarmUpSeconds} s warm-up, "
                + $"{Environment.ProcessorCount} cores shared by all"
        );
        Row("", round => round.Pipeline);
        Row("sent", round => Whole(round.Sent));
        Row("accepted (200, 201)", round => Whole(round.Accepted));
        Row("alerts expected", round => Whole(round.ExpectedAlerts));
        Row("alerts received, signature verified", round => Whole(round.Alerts));
        Row("  missing / unexpected", round => $"{round.Missing} / {round.Unexpected}");
        Row("  repeated / forged", round => $"{round.Repeated} / {round.Forged}");
        Row("accepted/s", round => One(round.AcceptedPerSecond));
        Row("alerts/s", round => One(round.AlertsPerSecond));
        Row("carried to the end/s", round => One(round.CarriedPerSecond));
        Row("POST ms p50", round => One(round.PostMilliseconds?.P50));
        Row("POST ms p95", round => One(round.PostMilliseconds?.P95));
        Row("POST ms p99", round => One(round.PostMilliseconds?.P99));
        Row("POST to webhook ms p50", round => One(round.PostToWebhookMilliseconds?.P50));
        Row("POST to webhook ms p95", round => One(round.PostToWebhookMilliseconds?.P95));
        Row("POST to webhook ms p99", round => One(round.PostToWebhookMilliseconds?.P99));
        Row("CPU ms per encounter", round => Three(round.CpuMillisecondsPerEncounter));
        text.AppendLine("CPU s per 1,000 encounters");
        foreach (var process in rounds.SelectMany(round => round.CpuSecondsPerThousand.Keys).Distinct())
        {
            Row($"  {process}", round =>
                round.CpuSecondsPerThousand.TryGetValue(process, out var seconds) ? Three(seconds) : ""
            );
        }

        Row("  generator and sink (apart)", round => Three(round.GeneratorCpuSecondsPerThousand));
        text.AppendLine("memory MB (proportional)");
        foreach (var process in rounds.SelectMany(round => round.Megabytes.Keys).Distinct())
        {
            Row($"  {process}", round =>
                round.Megabytes.TryGetValue(process, out var megabytes) ? Whole(megabytes) : ""
            );
        }

        Row("CPU taken by everybody else", round => round.OthersCpuShare.ToString("P0", CultureInfo.InvariantCulture));
        Row("statuses", round => round.Statuses);
        var ratios = Ratios();
        if (ratios.Count > 0)
        {
            text.AppendLine("hub : each peer, median of the rounds");
            Ratio("", ratio => ratio.Peer);
            Ratio("carried to the end/s", ratio => Times(ratio.CarriedPerSecond));
            Ratio("CPU ms per encounter", ratio => Times(ratio.CpuMillisecondsPerEncounter));
            Ratio("POST ms p50", ratio => Times(ratio.PostMilliseconds?.P50));
            Ratio("POST ms p95", ratio => Times(ratio.PostMilliseconds?.P95));
            Ratio("POST ms p99", ratio => Times(ratio.PostMilliseconds?.P99));
            Ratio("POST to webhook ms p50", ratio => Times(ratio.PostToWebhookMilliseconds?.P50));
            Ratio("POST to webhook ms p95", ratio => Times(ratio.PostToWebhookMilliseconds?.P95));
            Ratio("POST to webhook ms p99", ratio => Times(ratio.PostToWebhookMilliseconds?.P99));
        }

        text.AppendLine(
            rounds.All(round => round.IsWhole)
                ? "every encounter was accepted and every expected alert arrived"
                : "NOT WHOLE: see missing, unexpected, statuses"
        );
        return text.ToString();

        void Row(string name, Func<Measurement, string> value) => Columns(name, rounds.Select(value));

        void Ratio(string name, Func<RatioToPeer, string> value) => Columns(name, ratios.Select(value));

        void Columns(string name, IEnumerable<string> values) =>
            text.AppendLine(
                string.Format(
                    CultureInfo.InvariantCulture,
                    Line,
                    name,
                    string.Concat(values.Select(value => $"{value, 18}"))
                )
            );
    }

    public string Json() =>
        JsonSerializer.Serialize(
            new
            {
                options,
                rounds,
                ratios = Ratios(),
            },
            Readable
        );

    private string Load =>
        options.Rate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"{options.Encounters} encounters at {rate}/s (open loop)")
            : $"{options.Encounters} encounters flat out over {options.Connections} connections";

    private List<RatioToPeer> Ratios() => [.. options.Peers.Select(kind => RatioTo(kind.Title()))];

    private RatioToPeer RatioTo(string peer)
    {
        var pairs = rounds
            .Where(round => round.Pipeline == "hub")
            .Zip(rounds.Where(round => round.Pipeline == peer))
            .ToList();
        return new RatioToPeer(
            peer,
            Median(round => round.CarriedPerSecond),
            Median(round => round.CpuMillisecondsPerEncounter),
            MedianOfEach(round => round.PostMilliseconds),
            MedianOfEach(round => round.PostToWebhookMilliseconds)
        );

        Quantiles? MedianOfEach(Func<Measurement, Quantiles?> of) =>
            pairs.TrueForAll(pair => of(pair.First) is not null && of(pair.Second) is not null)
                ? new Quantiles(
                    Median(round => of(round)!.P50),
                    Median(round => of(round)!.P95),
                    Median(round => of(round)!.P99)
                )
                : null;

        double Median(Func<Measurement, double> of)
        {
            var sorted = pairs.Select(pair => of(pair.First) / of(pair.Second)).Order().ToArray();
            return Math.Round((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, 2);
        }
    }

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string One(double? value) => value?.ToString("N1", CultureInfo.InvariantCulture) ?? "-";

    private static string Three(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Times(double? value) =>
        value is { } times ? string.Create(CultureInfo.InvariantCulture, $"{times:F2} x") : "-";

    /// <summary>The hub's figure divided by the peer's; more than 1 is better for the rate alone.</summary>
    private sealed record RatioToPeer(
        string Peer,
        double CarriedPerSecond,
        double CpuMillisecondsPerEncounter,
        Quantiles? PostMilliseconds,
        Quantiles? PostToWebhookMilliseconds
    );
}
