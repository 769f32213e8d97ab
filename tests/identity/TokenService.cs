using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Safeguarding.Identity.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>What instances of the service share: a database, the clients file and the signing keys.</summary>
public sealed class Ground : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("identity-");

    public required string ConnectionString { get; init; }

    public string ClientsFile => Path.Combine(_directory.FullName, "clients.json");

    public string ProvidersDirectory =>
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "providers")).FullName;

    public string KeysDirectory => Path.Combine(_directory.FullName, "keys");

    public static async Task<Ground> CreateAsync(HubServers servers, params JsonObject[] clients)
    {
        var ground = new Ground { ConnectionString = await servers.CreateDatabaseAsync() };
        ground.Write(clients);
        return ground;
    }

    public static JsonObject Client(string id, string organisation, string[] scopes, params ClientKey[] keys) =>
        new()
        {
            ["id"] = id,
            ["organisation"] = organisation,
            ["scopes"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]),
            ["jwks"] = new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => (JsonNode)key.Jwk())]) },
        };

    /// <summary>An application that people sign in to.</summary>
    public static JsonObject Application(string id, ClientKey key) =>
        new()
        {
            ["id"] = id,
            ["organisation"] = "HUB",
            ["redirectUris"] = new JsonArray("https://portal.example/signed-in"),
            ["postLogoutRedirectUris"] = new JsonArray("https://portal.example/signed-out"),
            ["jwks"] = new JsonObject { ["keys"] = new JsonArray(key.Jwk()) },
        };

    public static JsonObject ClientWithSecret(string id, string organisation, string secret) =>
        new()
        {
            ["id"] = id,
            ["organisation"] = organisation,
            ["scopes"] = new JsonArray("plan.write", "plan.read"),
            ["secret"] = secret,
        };

    public void Write(params JsonObject[] clients) =>
        Write(
            new JsonObject
            {
                ["clients"] = new JsonArray([.. clients.Select(client => client.DeepClone())]),
            }.ToJsonString()
        );

    /// <summary>Puts another clients file in the place of this one: a service never reads half of one.</summary>
    public void Write(string text)
    {
        var temporary = ClientsFile + ".new";
        File.WriteAllText(temporary, text);
        File.Move(temporary, ClientsFile, overwrite: true);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}

/// <summary>
/// The real token endpoint on a real port. Its issuer is another address than the one it is reached at, as in
/// compose.
/// </summary>
public sealed class TokenService : IAsyncDisposable
{
    private static readonly KeyRingFile Keys = new(isShared: true);

    private readonly Factory _factory;

    private TokenService(Factory factory) => _factory = factory;

    public HttpClient Http { get; private set; } = null!;

    public IEnumerable<string> Log => _factory.Lines;

    public IServiceProvider Services => _factory.Services;

    public static TokenService Start(Ground ground, params (string Key, string Value)[] settings) =>
        Start(0, SettingsOf(ground, settings), null);

    /// <summary>With people: its issuer is the address it is reached at, because browsers go there.</summary>
    public static TokenService StartForPeople(
        Ground ground,
        TimeProvider? clock = null,
        params (string Key, string Value)[] settings
    )
    {
        var port = FreePort.Next();
        return Start(
            port,
            SettingsOf(
                ground,
                [
                    ("Identity:Issuer", $"http://localhost:{port}/"),
                    ("Identity:DevelopmentProvider", "true"),
                    ("Identity:ProvidersDirectory", ground.ProvidersDirectory),
                    .. settings,
                ]
            ),
            clock
        );
    }

    private static TokenService Start(int port, (string Key, string Value)[] settings, TimeProvider? clock)
    {
        var factory = new Factory(settings, clock);
        factory.UseKestrel(port);
        factory.StartServer();
        return new TokenService(factory)
        {
            Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 100 })
            {
                BaseAddress = factory.ClientOptions.BaseAddress,
            },
        };
    }

    /// <summary>The settings of an instance on this ground; a later one of the same name stands.</summary>
    public static (string Key, string Value)[] SettingsOf(
        Ground ground,
        params (string Key, string Value)[] settings
    ) =>
        [
            ("ConnectionStrings:Hub", ServiceLogins.WorkerOf("identity", ground.ConnectionString)),
            ("Postgres:OwnerPassword", ServiceLogins.Password),
            ("Identity:Issuer", "http://localhost:8105/"),
            ("Identity:AllowHttp", "true"),
            ("Identity:ClientsFile", ground.ClientsFile),
            ("Identity:KeysDirectory", ground.KeysDirectory),
            ("Identity:TokenRequestsPerMinute", "100000"),
            ("RequestLimits:StrangersPerMinute", "100000"),
            ("Keys:File", Keys.Path),
            .. settings,
        ];

    /// <summary>Writes the clients file and waits until the running service has taken it.</summary>
    public async Task Rewrite(Ground ground, params JsonObject[] clients)
    {
        int Taken() => Log.Count(line => line.Contains("clients are known", StringComparison.Ordinal));
        var before = Taken();
        ground.Write(clients);
        await Eventually.UntilAsync(() => Task.FromResult(Taken()), count => count > before);
    }

    public Task<TokenAnswer> Ask(AnAssertion assertion, string? scope = null) =>
        Ask(
            new Dictionary<string, string?>
            {
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = assertion.ToString(),
                ["scope"] = scope,
            }
        );

    public async Task<TokenAnswer> Ask(IReadOnlyDictionary<string, string?> form)
    {
        using var content = new FormUrlEncodedContent(
            form.Where(pair => pair.Value is not null)
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))
                .Append(new("grant_type", "client_credentials"))
        );
        using var response = await Http.PostAsync("connect/token", content, TestContext.Current.CancellationToken);
        return await TokenAnswer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _factory.DisposeAsync();
    }

    private sealed class Factory((string Key, string Value)[] settings, TimeProvider? clock)
        : WebApplicationFactory<IdentityDb>,
            ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        protected override IHost CreateHost(IHostBuilder builder)
        {
            // Host configuration, because Program reads some of it while it builds.
            builder.ConfigureHostConfiguration(configuration =>
                configuration.AddInMemoryCollection(
                    settings
                        .GroupBy(setting => setting.Key)
                        .ToDictionary(same => same.Key, same => (string?)same.Last().Value)
                )
            );
            return base.CreateHost(builder);
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            if (clock is not null)
                builder.ConfigureServices(services => services.AddSingleton(clock));
            builder.ConfigureLogging(logging => logging.ClearProviders().Services.AddSingleton<ILoggerProvider>(this));
        }

        public ILogger CreateLogger(string categoryName) => new Lined(_lines);

        private sealed class Lined(ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            ) => lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
        }
    }
}

/// <param name="Status">HTTP status.</param>
/// <param name="Body">The whole answer.</param>
public sealed record TokenAnswer(int Status, string Body)
{
    public string? Token => (string?)JsonNode.Parse(Body)!["access_token"];

    public string? Error => (string?)JsonNode.Parse(Body)!["error"];

    public string? Text(string member) => (string?)JsonNode.Parse(Body)![member];

    public string? Description => (string?)JsonNode.Parse(Body)!["error_description"];

    public static async Task<TokenAnswer> ReadAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
