using System.Diagnostics;
using Safeguarding.Bench.Load;
using Safeguarding.Bench.Measure;
using Safeguarding.Bench.Sink;

namespace Safeguarding.Bench.Pipeline;

/// <summary>One round of one pipeline: warm up, let it run empty, then count.</summary>
internal sealed class Round(IPipeline pipeline, PipelineSettings options, WebhookSink sink, TimeProvider clock)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        if (options.WarmUpSeconds > 0)
        {
            var until = Stopwatch.GetTimestamp() + (options.WarmUpSeconds * Stopwatch.Frequency);
            var (warm, warmAttendances) = await PostAsync(int.MaxValue, until, cancellationToken);
            await WaitForAlertsAsync(warmAttendances.HitsAmong(warm.Count), cancellationToken);
            await pipeline.WaitUntilIdleAsync(cancellationToken);
        }

        sink.Clear();
        var window = new CpuWindow(pipeline.Processes);
        var (posted, attendances) = await PostAsync(options.Encounters, long.MaxValue, cancellationToken);
        await WaitForAlertsAsync(attendances.HitsAmong(posted.Count), cancellationToken);
        await pipeline.WaitUntilIdleAsync(cancellationToken);
        var cpu = window.End();
        return await FiguresAsync(posted, attendances, cpu, cancellationToken);
    }

    private async Task<(Posted, Attendances)> PostAsync(int most, long until, CancellationToken cancellationToken)
    {
        var attendances = new Attendances(
            Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"),
            options.Plans,
            options.HitPercent,
            clock
        );
        using var post = new PostEncounters(await pipeline.OpenAsync(cancellationToken), attendances);
        var posted = options.Rate is { } rate
            ? await post.AtRateAsync(rate, most, until, cancellationToken)
            : await post.FlatOutAsync(options.Connections, most, until, cancellationToken);
        return (posted, attendances);
    }

    /// <summary>Ends when all are there, or when none has come for a while: what is missing is then reported.</summary>
    private async Task WaitForAlertsAsync(int expected, CancellationToken cancellationToken)
    {
        var (seen, since) = (0, Stopwatch.GetTimestamp());
        while (sink.Count < expected && Stopwatch.GetElapsedTime(since) < Timeout)
        {
            await Task.Delay(Look, cancellationToken);
            if (sink.Count > seen)
                (seen, since) = (sink.Count, Stopwatch.GetTimestamp());
        }
    }

    private async Task<Measurement> FiguresAsync(
        Posted posted,
        Attendances attendances,
        CpuUse cpu,
        CancellationToken cancellationToken
    )
    {
        var megabytes = ProcessTree.Megabytes(pipeline.Processes);
        var webhooks = sink.Received.ToList();
        var encounters = await pipeline.EncountersOfAsync(webhooks, cancellationToken);
        var alertAt = webhooks
            .Where(webhook => encounters.ContainsKey(webhook.AlertId))
            .GroupBy(webhook => encounters[webhook.AlertId])
            .ToDictionary(alerts => alerts.Key, alerts => alerts.Min(alert => alert.At));
        var hits = posted.All.Where((one, index) => attendances.IsHit(index)).ToList();
        var hitIds = hits.Select(hit => hit.EncounterId).ToHashSet();
        var thousands = posted.Count / 1000.0;
        var accepting = Stopwatch.GetElapsedTime(posted.FirstBegan, posted.LastAnswered).TotalSeconds;
        var carrying = Stopwatch
            .GetElapsedTime(posted.FirstBegan, webhooks.Select(webhook => webhook.At).Append(posted.LastAnswered).Max())
            .TotalSeconds;
        return new Measurement
        {
            Pipeline = pipeline.Name,
            Sent = posted.Count,
            Accepted = posted.Accepted,
            Statuses = posted.StatusCounts,
            ExpectedAlerts = hits.Count,
            Alerts = webhooks.Count,
            Missing = hits.Count(hit => !alertAt.ContainsKey(hit.EncounterId)),
            Unexpected = webhooks.Count(webhook =>
                !encounters.TryGetValue(webhook.AlertId, out var encounter) || !hitIds.Contains(encounter)
            ),
            Repeated = sink.Repeats,
            Forged = sink.Forged,
            AcceptedPerSecond = Math.Round(posted.Accepted / accepting, 1),
            AlertsPerSecond = Math.Round(webhooks.Count / carrying, 1),
            CarriedPerSecond = Math.Round(posted.Accepted / carrying, 1),
            PostMilliseconds = Quantiles.Of(posted.Latencies),
            PostToWebhookMilliseconds = Quantiles.Of(
                hits.Where(hit => alertAt.ContainsKey(hit.EncounterId))
                    .Select(hit => Stopwatch.GetElapsedTime(hit.Began, alertAt[hit.EncounterId]))
            ),
            CpuMillisecondsPerEncounter = Math.Round(cpu.Seconds.Values.Sum() / thousands, 3),
            CpuSecondsPerThousand = cpu.Seconds.ToDictionary(
                process => process.Key,
                process => Math.Round(process.Value / thousands, 3)
            ),
            GeneratorCpuSecondsPerThousand = Math.Round(cpu.Generator / thousands, 3),
            Megabytes = megabytes.ToDictionary(process => process.Key, process => Math.Round(process.Value)),
            OthersCpuShare = Math.Round(cpu.OthersShare, 3),
            WindowSeconds = Math.Round(cpu.Wall, 2),
        };
    }
}
