using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Safeguarding.Hosting.Tls;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

/// <summary>What a service makes, at its start, of the certificates of those whom it is to call.</summary>
public sealed class Peers_by_TLS : IDisposable
{
    private readonly TestAuthority _authority = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("VerifyFull", "localhost", false, null)]
    [InlineData("VerifyFull", "elsewhere.example", false, "a certificate for another name (elsewhere.example)")]
    [InlineData("VerifyCA", "elsewhere.example", false, null)]
    [InlineData("VerifyFull", "localhost", true, "a certificate that is good from")]
    [InlineData("VerifyCA", "localhost", true, "a certificate that is good from")]
    public async Task A_database_is_called_only_where_its_certificate_is_good(
        string mode,
        string name,
        bool hasExpired,
        string? fault
    )
    {
        var certificate = await _authority.IssueAsync(host: name, hasExpired: hasExpired);
        using var peer = Peer.Start(certificate, isPostgres: true);

        await AssertStartsAsync(
            fault,
            "ConnectionStrings:Hub",
            $"Host=localhost;Port={peer.Port};SSL Mode={mode};Root Certificate={_authority.CertificateFile}"
        );
    }

    [Theory]
    [InlineData("ConnectionStrings:Hub", "Host=localhost;Port={0};SSL Mode=VerifyFull;Root Certificate={1}")]
    [InlineData("RabbitMq:Uri", "amqps://somebody@localhost:{0}/hub")]
    [InlineData("Identity:Issuers:0:Issuer", "https://localhost:{0}/")]
    [InlineData("Identity:Issuers:1:Metadata", "https://localhost:{0}/.well-known/openid-configuration")]
    [InlineData("Services:Notification", "https://localhost:{0}")]
    public async Task Another_authority_and_plain_text_are_named_and_absence_is_no_fault(string setting, string value)
    {
        using var another = new TestAuthority();
        var isPostgres = setting == "ConnectionStrings:Hub";
        string ValueOf(int port) =>
            value
                .Replace("{0}", $"{port}", StringComparison.Ordinal)
                .Replace("{1}", another.CertificateFile, StringComparison.Ordinal);
        using (var peer = Peer.Start(await _authority.IssueAsync(), isPostgres))
            await AssertStartsAsync("which is not among the authorities that are trusted", setting, ValueOf(peer.Port));
        using (var plain = Peer.Start(null, isPostgres))
            await AssertStartsAsync("does not speak TLS", setting, ValueOf(plain.Port));
        await AssertStartsAsync(null, setting, ValueOf(FreePort.Next()));
    }

    private static async Task AssertStartsAsync(string? fault, string setting, string value)
    {
        var check = new CheckPeers(
            new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { [setting] = value })
                .Build()
        );
        if (fault is null)
        {
            await check.StartingAsync(Cancelled);
            return;
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => check.StartingAsync(Cancelled));
        Assert.StartsWith(
            $"{setting.Replace(":", "__", StringComparison.Ordinal)}: localhost:",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>As far as the handshake; by plain text where it has no certificate.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public static Peer Start((string File, string KeyFile)? certificate, bool isPostgres)
        {
            var peer = new Peer();
            peer._listener.Start();
            _ = peer.AnswerAsync(certificate, isPostgres);
            return peer;
        }

        public void Dispose() => _listener.Dispose();

        private async Task AnswerAsync((string File, string KeyFile)? certificate, bool isPostgres)
        {
            using var connection = await _listener.AcceptTcpClientAsync(Cancelled);
            var stream = connection.GetStream();
            if (isPostgres)
            {
                await stream.ReadExactlyAsync(new byte[8], Cancelled);
                await stream.WriteAsync(new[] { (byte)(certificate is null ? 'N' : 'S') }, Cancelled);
            }
            else if (certificate is null)
            {
                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancelled);
            }

            if (certificate is not { } files)
                return;
            using var own = X509Certificate2.CreateFromPemFile(files.File, files.KeyFile);
            await using var tls = new SslStream(stream);
            try
            {
                await tls.AuthenticateAsServerAsync(own);
                // Until the other has gone.
                await tls.CopyToAsync(Stream.Null, Cancelled);
            }
            catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException)
            {
                // It did not like what it saw.
            }
        }
    }
}
