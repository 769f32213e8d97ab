using Safeguarding.Bench.Load;
using Safeguarding.Bench.Sink;

namespace Safeguarding.Bench.Pipeline;

/// <summary>Something that takes FHIR encounters and sends webhooks: the hub, or a peer.</summary>
internal interface IPipeline : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Process ids at the roots of its process trees, by what they are.</summary>
    IReadOnlyDictionary<string, int> Processes { get; }

    /// <summary>Plans loaded, webhooks subscribed: ready to be measured.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Where to post now, and with what token.</summary>
    Task<IngestEndpoint> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Ends when everything that was accepted has gone all its way.</summary>
    Task WaitUntilIdleAsync(CancellationToken cancellationToken);

    /// <summary>Which encounter each of the webhooks is about.</summary>
    Task<IReadOnlyDictionary<Guid, Guid>> EncountersOfAsync(
        IReadOnlyCollection<ReceivedWebhook> webhooks,
        CancellationToken cancellationToken
    );
}
