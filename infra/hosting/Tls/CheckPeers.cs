using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Safeguarding.Hosting.Tls;

/// <summary>
/// At the start: whom the settings name with TLS has a certificate for that name, of an authority that is trusted.
/// Otherwise the program does not start and says which is at fault and why; without this it would retry forever. A
/// peer that is not there yet is waited for as always, and every later connection is checked where it is made.
/// </summary>
public sealed class CheckPeers : IHostedLifecycleService
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    // What a client of PostgreSQL sends first, to go on by TLS.
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

    private readonly IConfiguration _configuration;

    internal CheckPeers(IConfiguration configuration) => _configuration = configuration;

    /// <summary>Before everything else that starts.</summary>
    public static void Add(IServiceCollection services) =>
        services.Insert(
            0,
            ServiceDescriptor.Singleton<IHostedService>(provider => new CheckPeers(
                provider.GetRequiredService<IConfiguration>()
            ))
        );

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A certificate is not accepted.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var faults = await Task.WhenAll(Peers().Select(peer => WhyNotAsync(peer, cancellationToken)));
        if (faults.OfType<string>().ToList() is { Count: > 0 } wrong)
            throw new InvalidOperationException(string.Join(Environment.NewLine, wrong));
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Peer> Peers() =>
        [
            .. Databases(),
            .. Address("RabbitMq:Uri", "amqps", 5671),
            .. _configuration
                .GetSection("Identity:Issuers")
                .GetChildren()
                .SelectMany(issuer =>
                    Address(
                        issuer["Metadata"] is null ? $"{issuer.Path}:Issuer" : $"{issuer.Path}:Metadata",
                        "https",
                        443
                    )
                ),
            .. _configuration
                .GetSection("Services")
                .GetChildren()
                .SelectMany(service => Address(service.Path, "https", 443)),
        ];

    private IEnumerable<Peer> Address(string setting, string scheme, int port) =>
        Uri.TryCreate(_configuration[setting], UriKind.Absolute, out var uri) && uri.Scheme == scheme
            ? [new(NameOf(setting), uri.Host, uri.Port is -1 ? port : uri.Port)]
            : [];

    private IEnumerable<Peer> Databases()
    {
        var database = new NpgsqlConnectionStringBuilder(_configuration.GetConnectionString("Hub"));
        // Otherwise the operator has decided that it is not checked.
        if (database.SslMode is not (SslMode.VerifyCA or SslMode.VerifyFull))
            return [];
        var authority = database.RootCertificate ?? Environment.GetEnvironmentVariable("PGSSLROOTCERT");
        return from host in (database.Host ?? "").Split(',')
            where !host.StartsWith('/') // a socket of this machine
            let parts = host.Split(':')
            select new Peer(
                NameOf("ConnectionStrings:Hub"),
                parts.Length is 2 ? parts[0] : host,
                parts.Length is 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : database.Port
            )
            {
                IsPostgres = true,
                Authority = authority is "" ? null : authority,
                ChecksName = database.SslMode is SslMode.VerifyFull,
            };
    }

    private static string NameOf(string setting) => setting.Replace(":", "__", StringComparison.Ordinal);

    private static async Task<string?> WhyNotAsync(Peer peer, CancellationToken cancellationToken)
    {
        var options = OptionsOf(peer);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(peer.Host, peer.Port, limit.Token);
            var stream = connection.GetStream();
            if (peer.IsPostgres && !await AgreesToTlsAsync(stream, limit.Token))
                return peer.Says("does not speak TLS: ssl=on is missing there");
            string? fault = null;
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true, (_, certificate, chain, errors) =>
            {
                fault = WhyNot(peer, certificate, chain, errors);
                return fault is null;
            });
            try
            {
                await tls.AuthenticateAsClientAsync(options, limit.Token);
                return null;
            }
            catch (AuthenticationException)
            {
                return peer.Says(fault ?? "does not speak TLS");
            }
        }
        catch (Exception absent)
            when (absent is SocketException or IOException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return null;
        }
    }

    private static async Task<bool> AgreesToTlsAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(SslRequest, cancellationToken);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer[0] == (byte)'S';
    }

    private static SslClientAuthenticationOptions OptionsOf(Peer peer)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = peer.Host };
        if (peer.Authority is { } file)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(file);
        }

        return options;
    }

    private static string? WhyNot(Peer peer, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 shown)
            return "shows no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var faults = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (flags, status) =>
                flags | status.Status
            );
            return faults.HasFlag(X509ChainStatusFlags.NotTimeValid)
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"shows a certificate that is good from {shown.NotBefore.ToUniversalTime():u} "
                        + $"to {shown.NotAfter.ToUniversalTime():u} only"
                )
                : $"shows a certificate of {shown.Issuer}, which is not among the authorities that are trusted: "
                    + (
                        peer.Authority
                        ?? Environment.GetEnvironmentVariable("SSL_CERT_FILE")
                        ?? "SSL_CERT_FILE is not set, so the system's"
                    );
        }

        return peer.ChecksName && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"shows a certificate for another name ({string.Join(", ", NamesOf(shown))})"
            : null;
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } names
            ? names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString()))
            : [certificate.Subject];

    private sealed record Peer(string Setting, string Host, int Port)
    {
        public bool IsPostgres { get; init; }

        /// <summary>A file of the authorities that are trusted; null: those of the system.</summary>
        public string? Authority { get; init; }

        public bool ChecksName { get; init; } = true;

        public string Says(string what) => $"{Setting}: {Host}:{Port} {what}.";
    }
}
