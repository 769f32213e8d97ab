using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Listen;

/// <summary>
/// <c>listen CLIENT --forward URL</c>: asks for a council's changed alerts and posts each to a receiver on this machine
/// as the webhook channel would, so that a receiver can be developed where the hub cannot reach it. Nothing is claimed
/// and nothing acknowledged.
/// </summary>
internal sealed class ForwardEvents(Terminal terminal) : AsyncCommand<ForwardEvents.Settings>
{
    private const string SecretPrefix = "whsec_";
    private const int AtOnce = 200;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    // A token is good for ten minutes.
    private static readonly TimeSpan TokenKept = TimeSpan.FromMinutes(8);

    private readonly Dictionary<string, long> _seen = [];
    private long _cursor;
    private int _forwarded;

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var receiver = Receiver(settings.Forward);
        var secret = SecretOf(settings);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void End(object? sender, ConsoleCancelEventArgs pressed)
        {
            pressed.Cancel = true;
            end.Cancel();
        }

        Console.CancelKeyPress += End;
        try
        {
            await ListenAsync(receiver, secret, settings, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Ctrl-C is how it ends.
        }
        finally
        {
            Console.CancelKeyPress -= End;
        }

        terminal.Warn($"{_forwarded} events forwarded");
        return ExitCode.Well;
    }

    private async Task ListenAsync(Uri receiver, string secret, Settings settings, CancellationToken cancellationToken)
    {
        var hub = HubAddresses.FromEnvironment();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout };
        var isFirst = !settings.All;
        while (true)
        {
            using var client = await ConnectAsync(hub, settings.Client);
            if (isFirst)
            {
                // What stands is only remembered: what changes from here on is forwarded.
                await ReadAsync(hub, client, _ => Task.FromResult(true), cancellationToken);
                isFirst = false;
                terminal.Warn($"Forwarding what changes for {client.Organisation} to {receiver}; Ctrl-C ends it");
            }

            var until = terminal.Clock.GetUtcNow() + TokenKept;
            while (terminal.Clock.GetUtcNow() < until)
            {
                var goesOn = await ReadAsync(
                    hub,
                    client,
                    alert =>
                        ForwardAsync(http, receiver, secret, client.Organisation, alert, settings, cancellationToken),
                    cancellationToken
                );
                if (!goesOn)
                    return;
                await Task.Delay(Pace, terminal.Clock, cancellationToken);
            }
        }
    }

    private static async Task<HubClient> ConnectAsync(HubAddresses hub, string client)
    {
        try
        {
            return await HubClient.ConnectAsync(hub, client);
        }
        catch (HttpRequestException exception)
        {
            throw new RefusedException($"{exception.Message}\n./hub status says what runs.", ExitCode.NotRunning);
        }
    }

    /// <summary>Each alert whose version is new, the earliest change first.</summary>
    /// <returns>Whether it goes on.</returns>
    private async Task<bool> ReadAsync(
        HubAddresses hub,
        HubClient client,
        Func<JsonObject, Task<bool>> take,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = (
                await client.GetAsync(
                    hub.Notification,
                    string.Create(CultureInfo.InvariantCulture, $"/alerts?changedAfter={_cursor}&limit={AtOnce}")
                )
            )
                .Expect("alerts", 200)
                .Body!;
            foreach (var alert in page["alerts"]!.AsArray().Cast<JsonObject>())
            {
                var (id, version) = ((string)alert["id"]!, (long)alert["version"]!);
                // An acknowledgement or a note changes an alert and is no event.
                if (_seen.TryGetValue(id, out var seen) && seen >= version)
                    continue;
                _seen[id] = version;
                if (!await take(alert))
                    return false;
            }

            _cursor = (long)page["changedAfter"]!;
            if (!(bool)page["more"]!)
                return true;
        }
    }

    private async Task<bool> ForwardAsync(
        HttpClient http,
        Uri receiver,
        string secret,
        string council,
        JsonObject alert,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var now = terminal.Clock.GetUtcNow();
        var (id, version) = ((string)alert["id"]!, (long)alert["version"]!);
        var eventId = string.Create(CultureInfo.InvariantCulture, $"{id}-{version}");
        var type = $"uk.safeguarding-hub.alert.{(string)alert["news"]!}.v1";
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["specversion"] = "1.0",
                ["id"] = eventId,
                ["source"] = "urn:safeguarding-hub:notification",
                ["type"] = type,
                ["time"] = (bool?)alert["restricted"] is true ? new DateTimeOffset(now.UtcDateTime.Date, default) : now,
                ["subject"] = id,
                ["dataref"] = $"/alerts/{id}",
                ["datacontenttype"] = "application/json",
                ["data"] = settings.Full
                    ? alert.DeepClone()
                    : new JsonObject
                    {
                        ["alertId"] = id,
                        ["version"] = version,
                        ["councilCode"] = council,
                    },
            }
        );
        var begun = Stopwatch.GetTimestamp();
        var status = await PostAsync(http, receiver, secret, eventId, now, body, cancellationToken);
        var tookMs = (long)Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        _forwarded++;
        terminal.Say(
            settings.Json
                ? JsonSerializer.Serialize(
                    new
                    {
                        at = now,
                        id = eventId,
                        type,
                        status,
                        durationMs = tookMs,
                    }
                )
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{now:HH:mm:ss}Z  {type}  {eventId}  {status?.ToString(CultureInfo.InvariantCulture) ?? "no answer"}  {tookMs} ms"
                )
        );
        return settings.Count is not { } most || _forwarded < most;
    }

    /// <returns>The status; null where nothing answered in time.</returns>
    private static async Task<int?> PostAsync(
        HttpClient http,
        Uri receiver,
        string secret,
        string id,
        DateTimeOffset now,
        byte[] body,
        CancellationToken cancellationToken
    )
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(
            Convert.FromBase64String(secret[SecretPrefix.Length..]),
            (byte[])[.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body]
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, receiver) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(signature)}");
        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            return (int)answer.StatusCode;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return null;
        }
    }

    private static Uri Receiver(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0
            ? throw RefusedException.Misused("--forward wants an address such as http://localhost:3000/hooks.")
        : uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback) ? uri
        : throw RefusedException.Misused(
            "--forward wants http on this machine, or https: alerts cross no network unsealed."
        );

    private string SecretOf(Settings settings)
    {
        if (settings.Secret is null)
        {
            var made = SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            terminal.Warn($"Signed with {made}, made for this run");
            return made;
        }

        string text;
        try
        {
            text = File.ReadAllText(settings.Secret).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RefusedException.Misused($"{settings.Secret} cannot be read.");
        }

        return
            text.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[SecretPrefix.Length..], new byte[text.Length], out var length)
            && length >= 24
            ? text
            : throw RefusedException.Misused($"{settings.Secret} must hold a signing secret: whsec_ and base64.");
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<CLIENT>")]
        [Description("As which of a council's clients; secret lists them.")]
        public required string Client { get; init; }

        [CommandOption("--forward <URL>", isRequired: true)]
        [Description("Your receiver: http on this machine, or https.")]
        public required string Forward { get; init; }

        [CommandOption("--secret <FILE>")]
        [Description("Holds the signing secret (whsec_…). Default: made, and shown.")]
        public string? Secret { get; init; }

        [CommandOption("--full")]
        [Description("Payload full: data is the alert. Default: thin.")]
        public bool Full { get; init; }

        [CommandOption("--all")]
        [Description("First the alerts that there are. Default: what changes now.")]
        public bool All { get; init; }

        [CommandOption("--count <N>")]
        [Description("End after so many events. Default: with Ctrl-C.")]
        public int? Count { get; init; }

        [CommandOption("--json")]
        [Description("The same for programs: a line of JSON for each event.")]
        public bool Json { get; init; }
    }
}
