using System.Net;
using System.Net.Sockets;

namespace Safeguarding.Notification.Delivery.Endpoints;

/// <summary>
/// Which addresses the hub may call for a council. Asked about the resolved address at the moment of connecting, so a
/// name that changes its mind between saving and sending gains nothing.
/// </summary>
internal static class AddressGuard
{
    /// <summary>Cloud Metadata services. Refused whatever the settings: an answer from one is a credential.</summary>
    private static readonly IPAddress[] Metadata =
    [
        IPAddress.Parse("169.254.169.254"),
        IPAddress.Parse("169.254.170.2"),
        IPAddress.Parse("169.254.169.253"),
        IPAddress.Parse("168.63.129.16"),
        IPAddress.Parse("100.100.100.200"),
        IPAddress.Parse("192.0.0.192"),
        IPAddress.Parse("fd00:ec2::254"),
        IPAddress.Parse("fd00:ec2::253"),
        IPAddress.Parse("fd20:ce::254"),
    ];

    /// <summary>
    /// Inside somebody's network: allowed only where the hub's operator says that councils are reached
    /// there.
    /// </summary>
    private static readonly IPNetwork[] Inner =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fc00::/7"),
    ];

    /// <summary>
    /// Never a web server's: link-local, multicast, unspecified, documentation, benchmarks, and ways of
    /// writing one address inside another.
    /// </summary>
    private static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::/128"),
        IPNetwork.Parse("::/96"),
        IPNetwork.Parse("::ffff:0:0:0/96"),
        IPNetwork.Parse("64:ff9b::/96"),
        IPNetwork.Parse("64:ff9b:1::/48"),
        IPNetwork.Parse("100::/64"),
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
        IPNetwork.Parse("5f00::/16"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fec0::/10"),
        IPNetwork.Parse("ff00::/8"),
    ];

    /// <param name="address">The resolved address.</param>
    /// <param name="allowPrivateNetworks">Whether this hub reaches endpoints in any private network.</param>
    /// <param name="openedNetworks">Private networks opened for this endpoint. They open nothing else, and never a
    /// metadata service.</param>
    public static bool Allows(
        IPAddress address,
        bool allowPrivateNetworks,
        IReadOnlyList<IPNetwork>? openedNetworks = null
    )
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            return false;
        // A scope id ("fd00:ec2::254%1") names the same host.
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
            address = new IPAddress(address.GetAddressBytes());
        if (Metadata.Contains(address))
            return false;
        if (Inner.Any(network => network.Contains(address)))
            return allowPrivateNetworks || openedNetworks?.Any(network => network.Contains(address)) is true;
        return !Never.Any(network => network.Contains(address));
    }

    /// <summary>Whether a network lies inside one that an operator may open for an endpoint.</summary>
    public static bool IsInner(IPNetwork network) =>
        Inner.Any(inner =>
            inner.BaseAddress.AddressFamily == network.BaseAddress.AddressFamily
            && inner.PrefixLength <= network.PrefixLength
            && inner.Contains(network.BaseAddress)
        );
}
