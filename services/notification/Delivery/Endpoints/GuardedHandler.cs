using System.Net;
using System.Net.Sockets;

namespace Safeguarding.Notification.Delivery.Endpoints;

/// <summary>The only way out of this service to an address that a council names.</summary>
internal static class GuardedHandler
{
    public static SocketsHttpHandler Create(bool allowPrivateNetworks, IReadOnlyList<IPNetwork> openedNetworks) =>
        new()
        {
            AllowAutoRedirect = false,
            // A proxy would connect where the guard cannot see.
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 16 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            SslOptions = CheckedCertificates.Options,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
                var allowed = Array.FindAll(addresses, address =>
                    AddressGuard.Allows(address, allowPrivateNetworks, openedNetworks)
                );
                if (allowed is [])
                    throw new AddressNotAllowedException();

                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
}

/// <summary>The name leads only to addresses that the hub may not call.</summary>
internal sealed class AddressNotAllowedException() : IOException("Address not allowed.");
