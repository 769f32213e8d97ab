using System.Net;
using System.Net.Sockets;

namespace Safeguarding.TestKit;

/// <summary>
/// A port of the loopback interface that nothing listens at and that nothing else is given until its program starts:
/// below the range from which the kernel gives out ports, and each once in a process.
/// </summary>
public static class FreePort
{
    // infra/native/servers takes its own from 20,000 on.
    private const int First = 10_000;
    private const int Count = 10_000;

    private static int s_last = Random.Shared.Next(Count);

    public static int Next()
    {
        for (var tried = 0; tried < Count; tried++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_last) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse) { }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }
}
