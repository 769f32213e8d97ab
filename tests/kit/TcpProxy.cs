using System.Net;
using System.Net.Sockets;

namespace Safeguarding.TestKit;

/// <summary>
/// Stands before a server and faults on the wire: takes it away, delays what passes, cuts connections, or loses answers
/// after the work is done.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private string _host;
    private int _port;
    private TcpListener? _listener;
    private int _answersToLose;
    private int _answersLost;
    private int _connections;

    private TcpProxy(string host, int port) => (_host, _port) = (host, port);

    public int Port { get; private set; }

    /// <summary>How long every piece is held, each way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How often somebody connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers that never reached who asked.</summary>
    public int AnswersLost => Volatile.Read(ref _answersLost);

    public static TcpProxy Start(string host, int port)
    {
        var proxy = new TcpProxy(host, port);
        proxy.Listen();
        return proxy;
    }

    /// <summary>Cuts what is open and refuses what comes, as a server that is down.</summary>
    public void Stop()
    {
        _listener!.Stop();
        Cut();
    }

    /// <summary>The server is back, at the same port.</summary>
    public void Resume() => Listen();

    /// <summary>Stands before another server from now on; what is open is cut.</summary>
    public void PointAt(string host, int port)
    {
        (_host, _port) = (host, port);
        Cut();
    }

    /// <summary>Resets every connection; new ones are taken.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var socket in _open)
            {
                // A reset, and no orderly end that the other side could take for one.
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
            }

            _open.Clear();
        }
    }

    /// <summary>
    /// The next answers are thrown away and their connections reset: the server has done the work, and who
    /// asked will ask again.
    /// </summary>
    public void LoseAnswers(int count) => Interlocked.Exchange(ref _answersToLose, count);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Stop();
        _end.Dispose();
    }

    private void Listen()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = CarryAsync(await listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception exception)
            when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Interlocked.Increment(ref _connections);
        lock (_lock)
        {
            _open.Add(client);
            _open.Add(server);
        }

        try
        {
            await server.ConnectAsync(_host, _port, _end.Token);
            await Task.WhenAny(CopyAsync(client, server, answers: false), CopyAsync(server, client, answers: true));
        }
        catch (Exception exception)
            when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut.
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(client);
                _open.Remove(server);
            }

            client.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool answers)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer, _end.Token)) > 0; )
            {
                if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, _end.Token);
                if (answers && Volatile.Read(ref _answersToLose) > 0 && Interlocked.Decrement(ref _answersToLose) >= 0)
                {
                    Interlocked.Increment(ref _answersLost);
                    to.LingerState = new LingerOption(true, 0);
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception exception)
            when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
