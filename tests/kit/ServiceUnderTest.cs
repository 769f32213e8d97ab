using System.Net.Http.Headers;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.TestKit;

/// <summary>
/// A real service on a real port, with its own database, virtual host and key ring. Start a second one over the same
/// <see cref="Surroundings"/> to have two replicas, or dispose one and start another to see what a restart does.
/// </summary>
public sealed class ServiceUnderTest<TDb> : IAsyncDisposable
    where TDb : DbContext
{
    private static readonly TimeSpan QueuesAreMadeWithin = TimeSpan.FromSeconds(30);

    private readonly Factory _factory;
    private readonly bool _ownsSurroundings;

    private ServiceUnderTest(Factory factory, Surroundings surroundings, bool ownsSurroundings) =>
        (_factory, Surroundings, _ownsSurroundings) = (factory, surroundings, ownsSurroundings);

    public Surroundings Surroundings { get; }

    public TestBus Bus => Surroundings.Bus;

    public IServiceProvider Services => _factory.Services;

    /// <summary>The address it listens at.</summary>
    public Uri Address => _factory.ClientOptions.BaseAddress;

    /// <param name="servers">The servers of the assembly.</param>
    /// <param name="settings">Settings over the defaults, as <c>Section:Key</c>.</param>
    /// <param name="clock">A clock to move; the real one when null.</param>
    /// <param name="surroundings">To share with another instance; its own when null.</param>
    public static async Task<ServiceUnderTest<TDb>> StartAsync(
        HubServers servers,
        IReadOnlyDictionary<string, string?>? settings = null,
        FakeTimeProvider? clock = null,
        Surroundings? surroundings = null
    )
    {
        var own = surroundings is null;
        var schema = ServiceLogins.SchemaOf(typeof(TDb));
        // Identity migrates in a way of its own.
        surroundings ??= await Surroundings.CreateAsync(
            servers,
            migrated: typeof(HubDbContext).IsAssignableFrom(typeof(TDb)) && schema is not null ? [typeof(TDb)] : []
        );
        var all = surroundings.Settings.ToDictionary();
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
            all[key] = value;
        if (schema is not null)
            ServiceLogins.Apply(schema, all);
        var factory = new Factory(all, clock);
        factory.UseKestrel(0);
        factory.StartServer();
        return new ServiceUnderTest<TDb>(factory, surroundings, own);
    }

    /// <summary>A client of a system of an organisation with these scopes.</summary>
    public HttpClient Client(string organisation, params string[] scopes)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            Surroundings.Servers.Issuer.Token(organisation, scopes)
        );
        return client;
    }

    /// <summary>A client that a person of an organisation uses, signed in as surely as the role asks for.</summary>
    public HttpClient Person(string organisation, string role, string person = "1")
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            Surroundings.Servers.Issuer.PersonToken(organisation, role, person)
        );
        return client;
    }

    /// <summary>A system that a route lets in, of a kind of organisation that can have its scopes.</summary>
    public (HttpClient Client, string Organisation) SystemFor(Endpoint route)
    {
        string[] scopes = [.. route.Metadata.GetOrderedMetadata<RequiredScope>().Select(one => one.Scope)];
        var kinds = HubRoles.Scopes.FirstOrDefault(one => scopes.Contains(one.Scope))?.Organisations ?? [];
        var organisation =
            kinds.Contains(OrganisationKind.Council) ? "E09000012"
            : kinds.Contains(OrganisationKind.Trust) ? "RXX"
            : kinds.Contains(OrganisationKind.Police) ? "43"
            : "HUB";
        return (Client(organisation, scopes), organisation);
    }

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous() =>
        new(
            new DeclaredAnswers(
                // Identity has settings of its own.
                Services.GetRequiredService<IOptions<HubOptions>>().Value.Service
                    is { Length: > 0 } service
                    ? service
                    : "identity",
                new SocketsHttpHandler { MaxConnectionsPerServer = 200, AllowAutoRedirect = false }
            )
        )
        {
            BaseAddress = Address,
        };

    /// <summary>The service's own context over its database.</summary>
    public async Task<T> Db<T>(Func<TDb, Task<T>> read)
    {
        await using var scope = _factory.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<TDb>());
    }

    /// <summary>The records of its audit, of one request where its id is given.</summary>
    /// <param name="requestId">The request's.</param>
    public async Task<List<AuditMark>> AuditAsync(string? requestId = null)
    {
        var schema = await Db(db => Task.FromResult(db.Model.GetDefaultSchema()));
        await using var source = NpgsqlDataSource.Create(Surroundings.Database);
        await using var command = source.CreateCommand(
            $"""
            SELECT organisation, client_id, act, subject_type, lawful_basis, outcome, code
            FROM {schema}.audit_record WHERE $1 IN ('', request_id)
            """
        );
        command.Parameters.Add(new() { Value = requestId ?? "" });
        await using var reader = await command.ExecuteReaderAsync();
        List<AuditMark> marks = [];
        while (await reader.ReadAsync())
        {
            var texts = Enumerable.Range(0, 7).Select(at => reader.IsDBNull(at) ? null : reader.GetString(at)).ToList();
            marks.Add(new(texts[0]!, texts[1]!, texts[2]!, texts[3], texts[4], texts[5], texts[6]));
        }

        return marks;
    }

    /// <summary>What a person wrote, of an audit record that holds it sealed.</summary>
    public string? ReasonOf(AuditRecord record) =>
        AuditReason.Open(Services.GetRequiredService<Sealer>(), record.Reason);

    public async ValueTask DisposeAsync()
    {
        // A virtual host that goes while a queue in it is being made can take every queue of RabbitMQ 3.10 with it
        // (rabbitmq-server #16652), and a short test ends before all are made.
        if (Services.GetService<IBusControl>() is { } bus)
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, QueuesAreMadeWithin);
        await _factory.DisposeAsync();
        if (_ownsSurroundings)
            await Surroundings.DisposeAsync();
    }

    private sealed class Factory(Dictionary<string, string?> settings, FakeTimeProvider? clock)
        : WebApplicationFactory<TDb>
    {
        protected override IHost CreateHost(IHostBuilder builder)
        {
            // Host configuration, because Program reads some of it while it builds.
            builder.ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection(settings));
            return base.CreateHost(builder);
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Testing");
            builder.ConfigureLogging(logging => logging.AddFilter((_, level) => level >= LogLevel.Warning));
            if (clock is not null)
                builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock));
        }
    }
}

/// <summary>An audit record, without what the database makes of it.</summary>
public sealed record AuditMark(
    string Organisation,
    string ClientId,
    string Act,
    string? SubjectType,
    string? LawfulBasis,
    string? Outcome,
    string? Code
);

/// <summary>
/// What a service stands on: database, virtual host, key ring, issuer, and the bus seen from
/// outside.
/// </summary>
public sealed class Surroundings : IAsyncDisposable
{
    // EF Core makes a model, and compiles each query, once for a key ring: that is most of what a start costs.
    private static readonly Lazy<KeyRingFile> SharedKeys = new(() => new KeyRingFile(isShared: true));

    private Surroundings(HubServers servers, string database, VirtualHost virtualHost, KeyRingFile keys, TestBus bus)
    {
        (Servers, Database, VirtualHost, Keys, Bus) = (servers, database, virtualHost, keys, bus);
        Settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Hub"] = database,
            ["RabbitMq:Uri"] = virtualHost.Uri.AbsoluteUri,
            ["Identity:Issuers:0:Issuer"] = servers.Issuer.Issuer,
            ["Identity:AllowHttp"] = "true",
            ["Keys:File"] = keys.Path,
            ["Keys:SharedDirectory"] = keys.SharedDirectory,
            ["Postgres:OwnerPassword"] = ServiceLogins.Password,
            ["Postgres:RequestPassword"] = ServiceLogins.Password,
        };
    }

    public HubServers Servers { get; }

    public string Database { get; }

    public VirtualHost VirtualHost { get; }

    public KeyRingFile Keys { get; }

    public TestBus Bus { get; }

    public IReadOnlyDictionary<string, string?> Settings { get; }

    /// <param name="servers">The servers of the assembly.</param>
    /// <param name="ownKeys">Whether the test rotates keys.</param>
    /// <param name="migrated">Contexts of services whose tables it has; an empty database where there are none.</param>
    public static async Task<Surroundings> CreateAsync(HubServers servers, bool ownKeys = false, params Type[] migrated)
    {
        var virtualHost = await servers.CreateVirtualHostAsync();
        return new Surroundings(
            servers,
            await servers.CreateDatabaseAsync(
                migrated is [] ? null : await MigratedDatabase.OfAsync(servers, migrated)
            ),
            virtualHost,
            ownKeys ? new KeyRingFile() : SharedKeys.Value,
            await TestBus.ConnectAsync(virtualHost.Uri)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Bus.DisposeAsync();
        await VirtualHost.DisposeAsync();
        await Servers.DropDatabaseAsync(Database);
        Keys.Dispose();
    }
}
