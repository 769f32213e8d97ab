using Safeguarding.Bench.Hub;
using Safeguarding.Bench.Sink;
using Spectre.Console.Cli;

namespace Safeguarding.Bench.Pipeline;

/// <summary>
/// <c>./hub bench pipeline</c>: from a FHIR encounter to a verified webhook, measured on the running
/// hub.
/// </summary>
internal sealed class PipelineBench : AsyncCommand<PipelineSettings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        PipelineSettings settings,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return await MeasureAsync(settings, stop.Token);
        }
        catch (Exception exception) when (exception is BenchFailedException or HttpRequestException)
        {
            Console.Error.WriteLine($"FAILED: {exception.Message}");
            return 2;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("stopped");
            return 130;
        }
    }

    private static async Task<int> MeasureAsync(PipelineSettings options, CancellationToken cancellationToken)
    {
        await using var sink = await WebhookSink.StartAsync(cancellationToken);
        await using var hub = new HubPipeline(sink, options.Plans);
        var peers = options.Peers.Select(kind => new PeerPipeline(kind, sink, options.Plans)).ToList();
        try
        {
            return await MeasureAsync(options, sink, [hub, .. peers], cancellationToken);
        }
        finally
        {
            foreach (var peer in peers)
                await peer.DisposeAsync();
        }
    }

    private static async Task<int> MeasureAsync(
        PipelineSettings options,
        WebhookSink sink,
        IReadOnlyList<IPipeline> pipelines,
        CancellationToken cancellationToken
    )
    {
        foreach (var pipeline in pipelines)
        {
            Console.Error.WriteLine($"preparing the {pipeline.Name}");
            await pipeline.PrepareAsync(cancellationToken);
        }

        var rounds = new List<Measurement>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var pipeline in pipelines)
            {
                Console.Error.WriteLine(
                    $"round {round} of {options.Rounds}: {pipeline.Name} ({options.WarmUpSeconds} s of warm-up, "
                        + $"then {options.Encounters} encounters)"
                );
                rounds.Add(
                    await new Round(pipeline, options, sink, TimeProvider.System).MeasureAsync(cancellationToken)
                );
            }
        }

        var report = new Report(options, rounds);
        Console.WriteLine(report.Table());
        Console.WriteLine(report.Json());
        if (options.JsonFile is { } file)
            await File.WriteAllTextAsync(file, report.Json(), cancellationToken);
        return rounds.TrueForAll(round => round.IsWhole) ? 0 : 1;
    }
}
