using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;
using Xunit;

namespace Safeguarding.TestKit;

/// <summary>
/// The real PostgreSQL and RabbitMQ of a test assembly: the ones named in the environment (<c>./hub test</c> starts and
/// names them), otherwise containers. Nothing stands in for them. Declare it once: <c>[assembly:
/// AssemblyFixture(typeof(HubServers))]</c>.
/// </summary>
public sealed class HubServers : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _containers = [];
    private HttpClient? _management;
    private string _postgres = "";
    private Task? _logins;
    private bool _isBorrowed;
    private Uri? _rabbitMq;

    public TestIssuer Issuer { get; private init; } = new();

    public async ValueTask InitializeAsync()
    {
        await Issuer.StartAsync();
        var postgres = Environment.GetEnvironmentVariable("HUB_TEST_POSTGRES");
        var rabbitMq = Environment.GetEnvironmentVariable("HUB_TEST_RABBITMQ");
        var management = Environment.GetEnvironmentVariable("HUB_TEST_RABBITMQ_MANAGEMENT");
        if (string.IsNullOrEmpty(postgres) || string.IsNullOrEmpty(rabbitMq) || string.IsNullOrEmpty(management))
            (postgres, rabbitMq, management) = await StartContainersAsync();

        _postgres = postgres;
        _rabbitMq = new Uri(rabbitMq);
        _management = ClientOf(new Uri(management));
    }

    /// <summary>A database of its own; the connection string of a superuser in it.</summary>
    /// <param name="template">The connection string of the one that it is a copy of; empty when null.</param>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test_{Guid.CreateVersion7():n}";
        await using var connection = new NpgsqlConnection(_postgres);
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = template is null
            ? $"CREATE DATABASE {name}"
            : $"CREATE DATABASE {name} TEMPLATE {new NpgsqlConnectionStringBuilder(template).Database}";
        await create.ExecuteNonQueryAsync();
        var database = new NpgsqlConnectionStringBuilder(_postgres)
        {
            Database = name,
            MaxPoolSize = 20,
        }.ConnectionString;
        await (_logins ??= ServiceLogins.CreateAsync(_postgres));
        if (template is null)
            await ServiceLogins.ProvisionAsync(database);
        return database;
    }

    /// <summary>
    /// Takes away a database that <see cref="CreateDatabaseAsync"/> made: PostgreSQL looks through each that is there,
    /// once a minute, for something to vacuum.
    /// </summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(_postgres);
        await using var drop = connection.CreateCommand();
        drop.CommandText =
            $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)";
        try
        {
            await connection.OpenAsync();
            await drop.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException) when (_isBorrowed)
        {
            // The test took its own server away, and with it the database.
        }
    }

    /// <summary>A virtual host of its own.</summary>
    public async Task<VirtualHost> CreateVirtualHostAsync()
    {
        var name = $"test-{Guid.CreateVersion7():n}";
        var virtualHost = new VirtualHost(name, new UriBuilder(_rabbitMq!) { Path = name }.Uri, _management!);
        await virtualHost.CreateAsync();
        return virtualHost;
    }

    /// <summary>
    /// The same servers with a PostgreSQL of the test's own. It borrows the rest, so only the original is
    /// disposed.
    /// </summary>
    public HubServers With(PostgresPair pair) => WithPostgres(pair.ConnectionString);

    /// <summary>As <see cref="With(PostgresPair)"/>.</summary>
    public HubServers With(SmallPostgres postgres) => WithPostgres(postgres.ConnectionString);

    /// <summary>As <see cref="With(PostgresPair)"/>.</summary>
    public HubServers With(TlsPostgres postgres) => WithPostgres(postgres.ConnectionString);

    /// <summary>The same servers with a broker of the test's own; only the original is disposed.</summary>
    public HubServers With(OwnBroker broker) =>
        new()
        {
            Issuer = Issuer,
            _management = ClientOf(broker.Management),
            _postgres = _postgres,
            _isBorrowed = _isBorrowed,
            _rabbitMq = broker.Uri,
        };

    public async ValueTask DisposeAsync()
    {
        _management?.Dispose();
        await Issuer.DisposeAsync();
        foreach (var container in _containers)
            await container.DisposeAsync();
    }

    private HubServers WithPostgres(string postgres) =>
        new()
        {
            Issuer = Issuer,
            _management = _management,
            _postgres = postgres,
            _isBorrowed = true,
            _rabbitMq = _rabbitMq,
        };

    internal static HttpClient ClientOf(Uri management) =>
        new()
        {
            BaseAddress = new Uri($"{management.Scheme}://{management.Authority}/"),
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(management.UserInfo)))
                ),
            },
        };

    private async Task<(string Postgres, string RabbitMq, string Management)> StartContainersAsync()
    {
        try
        {
            var postgres = new PostgreSqlBuilder("postgres:17").WithCommand("-c", "max_connections=400").Build();
            var rabbitMq = new RabbitMqBuilder("rabbitmq:4-management")
                .WithPortBinding(15672, true)
                .WithUsername("hub")
                .WithPassword("hub")
                .Build();
            _containers.Add(postgres);
            _containers.Add(rabbitMq);
            await Task.WhenAll(postgres.StartAsync(), rabbitMq.StartAsync());
            return (
                postgres.GetConnectionString(),
                rabbitMq.GetConnectionString(),
                $"http://hub:hub@{rabbitMq.Hostname}:{rabbitMq.GetMappedPublicPort(15672)}"
            );
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(
                "These tests need a real PostgreSQL and RabbitMQ. Run them with ./hub test, which brings both, or "
                    + "set HUB_TEST_POSTGRES, "
                    + "HUB_TEST_RABBITMQ and HUB_TEST_RABBITMQ_MANAGEMENT, or start a Docker engine.",
                exception
            );
        }
    }
}

/// <summary>A RabbitMQ virtual host made for one test class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uri">Address with credentials.</param>
/// <param name="Management">The management API, authenticated.</param>
public sealed record VirtualHost(string Name, Uri Uri, HttpClient Management) : IAsyncDisposable
{
    /// <summary>Takes an exchange's binding away, as a clumsy operator would.</summary>
    public async Task UnbindAsync(string exchange, string queue)
    {
        var bindings = await Eventually.UntilAsync(
            async () =>
                (await Management.GetFromJsonAsync<Binding[]>($"api/bindings/{Name}"))!
                    .Where(b => b.Source == exchange && b.Destination == queue)
                    .ToArray(),
            found => found.Length > 0
        );
        foreach (var binding in bindings)
        {
            (
                await Management.DeleteAsync(
                    $"api/bindings/{Name}/e/{exchange}/{binding.DestinationType[0]}/{queue}/{binding.PropertiesKey}"
                )
            ).EnsureSuccessStatusCode();
        }
    }

    /// <summary>Binds a queue's own exchange to an event's exchange, as MassTransit does.</summary>
    public async Task BindAsync(string exchange, string queue) =>
        (
            await Management.PostAsJsonAsync($"api/bindings/{Name}/e/{exchange}/e/{queue}", new { routing_key = "" })
        ).EnsureSuccessStatusCode();

    /// <summary>
    /// As if the broker's disk were lost and an empty one put in: every queue, message, exchange and
    /// connection is gone.
    /// </summary>
    public async Task WipeAsync()
    {
        (await Management.DeleteAsync($"api/vhosts/{Name}")).EnsureSuccessStatusCode();
        await CreateAsync();
    }

    /// <summary>
    /// Deletes a queue with what is in it, as soon as it is in use: after another fault its service may be about to
    /// make it, and a queue that is deleted in the moment it is made can take every queue of RabbitMQ 3.10 with it
    /// until the node starts again (rabbitmq-server #16652).
    /// </summary>
    public async Task DeleteQueueAsync(string queue)
    {
        await Eventually.UntilAsync(
            async () =>
            {
                using var answer = await Management.GetAsync($"api/queues/{Name}/{queue}");
                return answer.IsSuccessStatusCode
                    && await answer.Content.ReadFromJsonAsync<Queue>() is { Consumers: > 0 };
            },
            TimeSpan.FromMinutes(3),
            $"{queue} is in use"
        );
        (await Management.DeleteAsync($"api/queues/{Name}/{queue}")).EnsureSuccessStatusCode();
    }

    /// <summary>Each queue with its state, who listens and what waits, for the words of a failure.</summary>
    public async Task<string> QueuesAsync() =>
        string.Join(
            "; ",
            (await Management.GetFromJsonAsync<JsonArray>($"api/queues/{Name}"))!.Select(queue =>
                $"{queue!["name"]} {queue["state"]}: {queue["consumers"]} consumers, {queue["messages_ready"]} ready, "
                + $"{queue["messages_unacknowledged"]} unacknowledged"
            )
        );

    /// <summary>Gives an exchange a message as it stands.</summary>
    public async Task PublishAsync(string exchange, string body) =>
        (
            await Management.PostAsJsonAsync(
                $"api/exchanges/{Name}/{exchange}/publish",
                new
                {
                    routing_key = "",
                    payload = body,
                    payload_encoding = "string",
                    properties = new { content_type = "application/json" },
                }
            )
        ).EnsureSuccessStatusCode();

    public async ValueTask DisposeAsync() => await Management.DeleteAsync($"api/vhosts/{Name}");

    /// <summary>Makes it where it is not, as provisioning does with an empty broker.</summary>
    public async Task CreateAsync()
    {
        (await Management.PutAsJsonAsync($"api/vhosts/{Name}", new { })).EnsureSuccessStatusCode();
        var user = Uri.UserInfo.Split(':')[0];
        (
            await Management.PutAsJsonAsync(
                $"api/permissions/{Name}/{user}",
                new
                {
                    configure = ".*",
                    write = ".*",
                    read = ".*",
                }
            )
        ).EnsureSuccessStatusCode();
    }

    private sealed record Queue(int Consumers);

    private sealed record Binding(
        string Source,
        string Destination,
        [property: System.Text.Json.Serialization.JsonPropertyName("destination_type")] string DestinationType,
        [property: System.Text.Json.Serialization.JsonPropertyName("properties_key")] string PropertiesKey
    );
}
