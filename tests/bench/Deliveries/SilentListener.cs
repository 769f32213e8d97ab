using System.Net;
using System.Net.Sockets;

namespace Safeguarding.Bench.Deliveries;

/// <summary>Takes every connection and never says a word.</summary>
internal sealed class SilentListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _taken = [];
    private int _connections;

    public int Connections => Volatile.Read(ref _connections);

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hooks");

    public static SilentListener Start()
    {
        var silence = new SilentListener();
        silence._listener.Start();
        _ = silence.AcceptAsync();
        return silence;
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_taken)
        {
            foreach (var client in _taken)
                client.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                lock (_taken)
                    _taken.Add(client);
                Interlocked.Increment(ref _connections);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
