using System.Net;
using System.Net.Sockets;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>A TCP wire to a server that a test can cut and mend.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly List<TcpClient> _open = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private volatile bool _cut;

    public Wire(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut()
    {
        _cut = true;
        lock (_open)
        {
            _open.ForEach(client => client.Close());
            _open.Clear();
        }
    }

    public void Reconnect() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Cut();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var near = await _listener.AcceptTcpClientAsync(_end.Token);
            if (_cut)
            {
                near.Close();
                continue;
            }

            var far = new TcpClient();
            await far.ConnectAsync(_host, _port, _end.Token);
            lock (_open)
                _open.AddRange([near, far]);
            _ = Task.WhenAll(
                    near.GetStream().CopyToAsync(far.GetStream()),
                    far.GetStream().CopyToAsync(near.GetStream())
                )
                .ContinueWith(_ => near.Close(), TaskScheduler.Default);
        }
    }
}
