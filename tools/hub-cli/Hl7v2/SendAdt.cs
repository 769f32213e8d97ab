using System.ComponentModel;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Hl7v2;

/// <summary>
/// <c>send-adt FILE</c>: sends the HL7 v2 messages of a file over MLLP, one after the other, and shows how each was
/// acknowledged. Exits with 1 where one was not accepted.
/// </summary>
internal sealed class SendAdt(Terminal terminal) : AsyncCommand<SendAdt.Settings>
{
    private const byte Start = 0x0B;
    private const byte End = 0x1C;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var messages = Messages(await ReadAsync(settings.File, cancellationToken)).ToList();
        if (messages.Count == 0)
            throw RefusedException.Misused($"{settings.File} holds no message: none of its lines begins with MSH.");
        var rows = new List<Row>(messages.Count);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(settings.Host, settings.Port, cancellationToken);
            await using var stream = await SecureAsync(client.GetStream(), settings, cancellationToken);
            foreach (var message in messages)
            {
                var fields = message.Split('\r', 2)[0].Split(message[3]);
                var answer = await SendAsync(stream, message, cancellationToken);
                var row = new Row(
                    fields.ElementAtOrDefault(9) ?? "",
                    fields.ElementAtOrDefault(8)?.Replace('^', ' ') ?? "",
                    answer.ElementAtOrDefault(1),
                    answer.ElementAtOrDefault(3)
                );
                rows.Add(row);
                // A connection that was closed instead is not asked again.
                if (answer.Length == 0)
                    break;
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException)
        {
            terminal.Warn($"{settings.Host}:{settings.Port}: {exception.Message}");
            return ExitCode.NotRunning;
        }

        terminal.List(
            settings.Json,
            rows,
            "Nothing was sent.",
            new("message", row => row.ControlId),
            new("event", row => row.Event),
            new("answer", row => row.Answer ?? "closed without one"),
            new("remark", row => row.Remark)
        );
        var accepted = rows.Count(row => row.Answer is "AA" or "CA");
        terminal.Warn($"{accepted} of {messages.Count} accepted");
        return accepted == messages.Count ? ExitCode.Well : ExitCode.NeedsYou;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RefusedException.Misused($"{file} cannot be read.");
        }
    }

    // As files have them: with or without their frames, and lines ended in any way.
    private static IEnumerable<string> Messages(string text)
    {
        var message = new StringBuilder();
        foreach (var line in text.Split(['\r', '\n', (char)Start, (char)End], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("MSH", StringComparison.Ordinal) && message.Length > 0)
            {
                yield return message.ToString();
                message.Clear();
            }

            if (message.Length > 0 || line.StartsWith("MSH", StringComparison.Ordinal))
                message.Append(line).Append('\r');
        }

        if (message.Length > 4)
            yield return message.ToString();
    }

    private static async Task<Stream> SecureAsync(
        NetworkStream network,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        if (!settings.Tls)
            return network;
        var options = new SslClientAuthenticationOptions { TargetHost = settings.Host };
        if (settings.Certificate is { } certificate)
        {
            options.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, settings.Key)];
        }

        if (settings.Trust is { } trust)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(trust);
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        var secure = new SslStream(network);
        await secure.AuthenticateAsClientAsync(options, cancellationToken);
        return secure;
    }

    /// <returns>The fields of MSA; empty where the connection was closed instead.</returns>
    private static async Task<string[]> SendAsync(Stream stream, string message, CancellationToken cancellationToken)
    {
        await stream.WriteAsync((byte[])[Start, .. Encoding.UTF8.GetBytes(message), End, 0x0D], cancellationToken);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Timeout);
        var answer = new List<byte>();
        var one = new byte[1024];
        while (!answer.Contains(End))
        {
            int read;
            try
            {
                read = await stream.ReadAsync(one, late.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return [];
            }

            if (read == 0)
                return [];
            answer.AddRange(one.AsSpan(0, read));
        }

        var lines = Encoding.UTF8.GetString([.. answer]).Split('\r');
        return Array.Find(lines, line => line.StartsWith("MSA", StringComparison.Ordinal))?.Split(message[3]) ?? [];
    }

    internal sealed class Settings : ListingSettings
    {
        [CommandArgument(0, "<FILE>")]
        [Description("Messages, each from its MSH on; - is standard input.")]
        public required string File { get; init; }

        [CommandOption("--host <NAME>")]
        [Description("Where the hub listens. Default: localhost.")]
        public string Host { get; init; } = "localhost";

        [CommandOption("--port <PORT>")]
        [Description("Its port. Default: 2575.")]
        public int Port { get; init; } = 2575;

        [CommandOption("--tls")]
        [Description("By TLS, as from any other machine.")]
        public bool Tls { get; init; }

        [CommandOption("--certificate <PEM>")]
        [Description("The sender's certificate.")]
        public string? Certificate { get; init; }

        [CommandOption("--key <PEM>")]
        [Description("Its private key; default: in the same file.")]
        public string? Key { get; init; }

        [CommandOption("--trust <PEM>")]
        [Description("Authorities for the hub's certificate; default: the system's.")]
        public string? Trust { get; init; }
    }

    private sealed record Row(string ControlId, string Event, string? Answer, string? Remark);
}
