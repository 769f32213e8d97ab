using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Safeguarding.EncounterIngest.Hl7v2.Receiving;
using Safeguarding.EncounterIngest.Hl7v2.Senders;

namespace Safeguarding.EncounterIngest.Hl7v2.Mllp;

/// <summary>
/// Listens for MLLP: TLS with a client certificate that a sender's file names, or plain on loopback. Whatever happens
/// in one connection ends that connection alone.
/// </summary>
internal sealed partial class MllpListener(
    IOptions<Hl7v2Options> options,
    SenderDirectory senders,
    ReceiveMessage receive,
    TimeProvider clock,
    ILogger<MllpListener> logger
) : IHostedService, IDisposable
{
    private static readonly TimeSpan LongestHandshake = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AcceptAgain = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, Task> _connections = new();
    private Socket? _socket;
    private SslStreamCertificateContext? _certificate;
    private Task _accepting = Task.CompletedTask;
    private bool _stopped;

    /// <summary>Where it listens; null while HL7 v2 is off.</summary>
    public IPEndPoint? Address => _socket?.LocalEndPoint as IPEndPoint;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (settings.SendersDirectory is null)
            return Task.CompletedTask;
        // A profile that cannot be used stops the start, not the first message.
        var profiles = senders.Profiles.Count;
        _certificate = ServerCertificate(settings);
        var address = IPAddress.Parse(settings.Address ?? (_certificate is null ? "127.0.0.1" : "::"));
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            _socket.DualMode = true;
        _socket.Bind(new IPEndPoint(address, settings.Port));
        _socket.Listen(512);
        Listening(logger, Address!, profiles);
        _accepting = AcceptAsync(_socket);
        return Task.CompletedTask;
    }

    /// <summary>Accepts no more, lets each connection finish and answer the message in hand, and closes them.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
            return;
        _stopped = true;
        await _stopping.CancelAsync();
        _socket?.Dispose();
        await Task.WhenAll([_accepting, .. _connections.Values])
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Socket listening)
    {
        for (var number = 0L; !_stopping.IsCancellationRequested; number++)
        {
            Socket socket;
            try
            {
                socket = await listening.AcceptAsync(_stopping.Token);
            }
            catch (Exception exception)
                when (_stopping.IsCancellationRequested
                    && exception is OperationCanceledException or ObjectDisposedException or SocketException
                )
            {
                return;
            }
            catch (SocketException exception)
            {
                // Out of descriptors, or the peer has gone again: the next may do better.
                NotAccepted(logger, exception.SocketErrorCode);
                await Task.Delay(AcceptAgain, CancellationToken.None);
                continue;
            }

            var mine = number;
            var serving = Task.Run(() => ServeAsync(socket), CancellationToken.None);
            _connections[mine] = serving;
            _ = serving.ContinueWith(_ => _connections.TryRemove(mine, out Task? _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Hl7v2Metrics.Connection(1);
        try
        {
            socket.NoDelay = true;
            // Connections stay open for days: a peer that vanished must be noticed.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            await using var network = new NetworkStream(socket, ownsSocket: true);
            if (_certificate is null)
            {
                await ServeAsync(network, null);
                return;
            }

            await using var secure = new SslStream(network);
            await ServeAsync(secure, await HandshakeAsync(secure, _certificate));
        }
        catch (AuthenticationException exception)
        {
            var failure = exception.InnerException?.GetType().Name ?? "no certificate of a sender";
            NoHandshake(logger, failure);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
        {
            // Load balancers open and close connections all day.
            var failure = exception.GetType().Name;
            Broken(logger, failure);
        }
        catch (Exception exception)
        {
            Failed(logger, exception);
        }
        finally
        {
            socket.Dispose();
            Hl7v2Metrics.Connection(-1);
        }
    }

    private async Task ServeAsync(Stream stream, string? thumbprint)
    {
        await using var connection = new MllpConnection(stream, thumbprint, options.Value, receive, clock);
        var reason = await connection.ServeAsync(_stopping.Token);
        Ended(logger, reason);
    }

    private async Task<string> HandshakeAsync(SslStream stream, SslStreamCertificateContext certificate)
    {
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        slow.CancelAfter(LongestHandshake);
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                // The profile says which certificate is a sender's; no certificate authority does.
                RemoteCertificateValidationCallback = (_, client, _, _) => IsSenders(client as X509Certificate2),
            },
            slow.Token
        );
        return Thumbprint(stream.RemoteCertificate!);
    }

    private bool IsSenders(X509Certificate2? client) =>
        client is not null
        && clock.GetUtcNow() is var now
        && client.NotBefore.ToUniversalTime() <= now
        && now <= client.NotAfter.ToUniversalTime()
        && senders.Knows(Thumbprint(client));

    private static string Thumbprint(X509Certificate certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static SslStreamCertificateContext? ServerCertificate(Hl7v2Options settings)
    {
        if (settings.Certificate is null)
            return null;
        using var own = X509Certificate2.CreateFromPemFile(settings.Certificate, settings.CertificateKey);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(settings.Certificate);
        return SslStreamCertificateContext.Create(
            X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null),
            chain,
            offline: true
        );
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "HL7 v2: listening at {Address} for {Senders} senders")]
    private static partial void Listening(ILogger logger, IPEndPoint address, int senders);

    [LoggerMessage(Level = LogLevel.Warning, Message = "HL7 v2: a connection could not be accepted ({Failure})")]
    private static partial void NotAccepted(ILogger logger, SocketError failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "HL7 v2: a TLS handshake failed ({Failure})")]
    private static partial void NoHandshake(ILogger logger, string failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "HL7 v2: a connection broke ({Failure})")]
    private static partial void Broken(ILogger logger, string failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "HL7 v2: a connection ended: {Reason}")]
    private static partial void Ended(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "HL7 v2: a connection failed")]
    private static partial void Failed(ILogger logger, Exception exception);
}
