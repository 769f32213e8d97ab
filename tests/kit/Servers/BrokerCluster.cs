namespace Safeguarding.TestKit;

/// <summary>
/// Three nodes of RabbitMQ of the test's own, clustered: a quorum queue declared at the first is led there and
/// followed by the others.
/// </summary>
public sealed class BrokerCluster : IAsyncDisposable
{
    private readonly List<OwnBroker> _nodes = [];

    private BrokerCluster() { }

    /// <summary>The nodes, the first of which the others have joined.</summary>
    public IReadOnlyList<OwnBroker> Nodes => _nodes;

    public static async Task<BrokerCluster> StartAsync()
    {
        var cluster = new BrokerCluster();
        try
        {
            cluster._nodes.Add(await OwnBroker.StartAsync());
            for (var i = 0; i < 2; i++)
                cluster._nodes.Add(await OwnBroker.StartAsync(cluster._nodes[0]));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL to these nodes at once.</summary>
    public Task KillAsync(params IEnumerable<int> nodes) =>
        Task.WhenAll(nodes.Select(node => _nodes[node].KillAsync()));

    /// <summary>Starts these again, together: one that was not the last to go waits for the others.</summary>
    public Task StartAgainAsync(params IEnumerable<int> nodes) =>
        Task.WhenAll(nodes.Select(node => _nodes[node].StartAgainAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }
}
