using System.Net;
using Safeguarding.Notification.Delivery.Endpoints;

namespace Safeguarding.Notification.Tests;

public sealed class Addresses
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("81.2.69.142")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2a00:1450:4009:81f::200e")]
    [InlineData("::ffff:8.8.8.8")]
    public void Public_addresses_may_be_called(string address) => Assert.True(Allows(address, privately: false));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("::1")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("fd12:3456::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public void Inner_networks_are_called_only_where_the_operator_says_so(string address)
    {
        Assert.False(Allows(address, privately: false));
        Assert.True(Allows(address, privately: true));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd00:ec2::254%1")]
    [InlineData("fd20:ce::254")]
    [InlineData("169.254.170.2")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("198.18.0.1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:4136:e378::")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:0:7f00:1")]
    public void Metadata_services_and_addresses_in_disguise_are_never_called(string address)
    {
        Assert.False(Allows(address, privately: false));
        Assert.False(Allows(address, privately: true));
    }

    [Theory]
    [InlineData("https://council.example/hooks")]
    [InlineData("https://council.example:8443/hooks?key=1")]
    [InlineData("https://8.8.8.8/hooks")]
    public void A_plain_https_url_can_be_registered(string url) =>
        Assert.Null(EndpointUrl.Validate(url, new WebhookOptions()));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("council.example/hooks")]
    [InlineData("/hooks")]
    [InlineData("http://council.example/hooks")]
    [InlineData("ftp://council.example/hooks")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://council.example/")]
    [InlineData("https://user@council.example/hooks")]
    [InlineData("https://user:word@council.example/hooks")]
    [InlineData("https://council.example/hooks#part")]
    [InlineData("https://council.example:22/hooks")]
    [InlineData("https://council.example:5432/hooks")]
    [InlineData("https://127.0.0.1/hooks")]
    [InlineData("https://2130706433/hooks")]
    [InlineData("https://0x7f.1/hooks")]
    [InlineData("https://0177.0.0.1/hooks")]
    [InlineData("https://[::1]/hooks")]
    [InlineData("https://[::ffff:169.254.169.254]/hooks")]
    public void What_hides_its_target_or_its_scheme_cannot(string? url) =>
        Assert.NotNull(EndpointUrl.Validate(url, new WebhookOptions()));

    [Fact]
    public void The_private_switch_opens_inner_networks_but_no_metadata_service()
    {
        var options = new WebhookOptions { AllowHttp = true, AllowPrivateNetworks = true };

        Assert.Null(EndpointUrl.Validate("http://127.0.0.1:8110/hooks", options));
        Assert.NotNull(EndpointUrl.Validate("http://169.254.169.254/latest/meta-data", options));
        Assert.NotNull(EndpointUrl.Validate("http://[fd00:ec2::254]/latest", options));
    }

    [Theory]
    [InlineData("10.20.3.4", true)]
    [InlineData("::ffff:10.20.3.4", true)]
    [InlineData("10.21.3.4", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("64:ff9b::a14:304", false)]
    public void Networks_opened_for_an_endpoint_open_those_addresses_and_no_metadata_service(
        string address,
        bool allowed
    )
    {
        IPNetwork[] opened =
        [
            .. new[] { "10.20.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7", "64:ff9b::/96" }.Select(text =>
                IPNetwork.Parse(text)
            ),
        ];

        Assert.Equal(allowed, AddressGuard.Allows(IPAddress.Parse(address), allowPrivateNetworks: false, opened));
    }

    private static bool Allows(string address, bool privately) =>
        AddressGuard.Allows(IPAddress.Parse(address), privately);
}
