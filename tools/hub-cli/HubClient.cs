using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Safeguarding.Cli;

/// <summary>
/// One system of one organisation, calling the hub as it would from outside: with a token for its signed
/// assertion.
/// </summary>
internal sealed class HubClient : IDisposable
{
    private readonly HttpClient _http;

    private HubClient(HttpClient http, string organisation) => (_http, Organisation) = (http, organisation);

    public string Organisation { get; }

    /// <summary>The access token that it was given; good for ten minutes.</summary>
    public string Token => _http.DefaultRequestHeaders.Authorization!.Parameter!;

    /// <summary>The callers' half of the development clients.</summary>
    /// <exception cref="RefusedException">The file is not there.</exception>
    public static JsonArray Credentials(string file) =>
        File.Exists(file)
            ? JsonNode.Parse(File.ReadAllText(file))!["clients"]!.AsArray()
            : throw new RefusedException(
                "There are no development clients yet: they are made when the hub starts for the first time."
            );

    /// <exception cref="RefusedException">There is no such client.</exception>
    public static JsonNode Find(JsonArray credentials, string clientId) =>
        credentials.FirstOrDefault(client => (string?)client!["id"] == clientId)
        ?? throw RefusedException.Misused(
            $"There is no client {clientId}. There are: {string.Join(", ", credentials.Select(client => (string)client!["id"]!))}."
        );

    public static async Task<HubClient> ConnectAsync(HubAddresses hub, string clientId)
    {
        var credentials = Find(Credentials(hub.CredentialsFile), clientId);
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 20 })
        {
            Timeout = TimeSpan.FromSeconds(30),
        };
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if ((string?)credentials["secret"] is { } secret)
        {
            (form["client_id"], form["client_secret"]) = (clientId, secret);
        }
        else
        {
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = Assertion(credentials, new Uri(hub.Issuer, "/connect/token"));
        }

        using var answer = await http.PostAsync(
            new Uri(hub.Identity, "/connect/token"),
            new FormUrlEncodedContent(form)
        );
        if (!answer.IsSuccessStatusCode)
        {
            throw new CallFailedException(
                $"identity gave {clientId} no token ({(int)answer.StatusCode}): {await answer.Content.ReadAsStringAsync()}"
            );
        }

        var token = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["access_token"]!.GetValue<string>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new HubClient(http, (string)credentials["organisation"]!);
    }

    /// <summary>A client of one service with this system's token, for answers that take long.</summary>
    public HttpClient At(Uri service)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = service,
            Timeout = TimeSpan.FromMinutes(6),
        };
        client.DefaultRequestHeaders.Authorization = _http.DefaultRequestHeaders.Authorization;
        return client;
    }

    public Task<Answer> GetAsync(Uri service, string path) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(service, path)));

    public Task<Answer> SendJsonAsync(
        HttpMethod method,
        Uri service,
        string path,
        object body,
        string contentType = "application/json"
    ) =>
        SendAsync(
            new HttpRequestMessage(method, new Uri(service, path))
            {
                Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web))
                {
                    Headers = { ContentType = new(contentType) },
                },
            }
        );

    public Task<Answer> SendFileAsync(Uri service, string path, string contentType, string text) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, new Uri(service, path))
            {
                Content = new StringContent(text, System.Text.Encoding.UTF8, contentType),
            }
        );

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        using (var response = await _http.SendAsync(request))
        {
            var text = await response.Content.ReadAsStringAsync();
            return new Answer(
                (int)response.StatusCode,
                response.Headers.Location?.ToString(),
                text.Length == 0 ? null : JsonNode.Parse(text)
            );
        }
    }

    /// <summary>As the NHS API platform asks: RS512, typ JWT, a new jti each time, good for minutes.</summary>
    private static string Assertion(JsonNode credentials, Uri tokenUrl)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = (string)credentials["id"]!;
        var unsigned =
            $"{Part(new { alg = "RS512", typ = "JWT", kid = (string)credentials["kid"]! })}."
            + Part(
                new
                {
                    iss = id,
                    sub = id,
                    aud = tokenUrl,
                    jti = Guid.CreateVersion7(),
                    exp = now.AddMinutes(4).ToUnixTimeSeconds(),
                }
            );
        using var key = RSA.Create();
        key.ImportFromPem((string)credentials["privateKey"]!);
        var signature = key.SignData(
            System.Text.Encoding.ASCII.GetBytes(unsigned),
            HashAlgorithmName.SHA512,
            RSASignaturePadding.Pkcs1
        );
        return $"{unsigned}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";

        static string Part(object part) =>
            System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
    }
}

/// <summary>An answer of the hub.</summary>
internal sealed record Answer(int Status, string? Location, JsonNode? Body)
{
    public Answer Expect(string what, params int[] statuses) =>
        statuses.Contains(Status)
            ? this
            : throw new CallFailedException(
                $"{what}: the hub answered {Status}\n{Body?.ToJsonString(new() { WriteIndented = true })}"
            );
}

/// <summary>The hub did not answer as it should.</summary>
internal sealed class CallFailedException(string message) : Exception(message);

/// <summary>Where the running hub is, from the environment that <c>./hub</c> or compose sets.</summary>
internal sealed record HubAddresses(
    Uri PlanRegistry,
    Uri EncounterIngest,
    Uri Matching,
    Uri Notification,
    Uri Identity,
    Uri Issuer,
    Uri Portal,
    Uri Receiver,
    string CredentialsFile
)
{
    public static HubAddresses FromEnvironment() =>
        new(
            Address("HUB_PLAN_REGISTRY_URL", "plan-registry"),
            Address("HUB_ENCOUNTER_INGEST_URL", "encounter-ingest"),
            Address("HUB_MATCHING_URL", "matching"),
            Address("HUB_NOTIFICATION_URL", "notification"),
            Address("HUB_IDENTITY_URL", "identity"),
            Address("HUB_ISSUER", "identity"),
            Address("HUB_PORTAL_URL", "portal"),
            Address("HUB_RECEIVER_URL", "receiver"),
            Place.Credentials
        );

    /// <exception cref="RefusedException">There is no such service.</exception>
    public Uri Get(string service) =>
        service switch
        {
            "plan-registry" => PlanRegistry,
            "encounter-ingest" => EncounterIngest,
            "matching" => Matching,
            "notification" => Notification,
            _ => throw RefusedException.Misused(
                $"There is no service {service}. There are: plan-registry, encounter-ingest, matching, notification."
            ),
        };

    private static Uri Address(string variable, string part) =>
        new(
            Place.Setting(variable)
                // The demo's receiver stands for a council's endpoint, outside.
                ?? $"{(part == "receiver" ? "http" : Place.Scheme)}://localhost:{HubPorts.Get(part)}/"
        );
}
