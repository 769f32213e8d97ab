using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using Safeguarding.Messaging;

namespace Safeguarding.Hosting.Storage;

internal static class HubDatabase
{
    public static IServiceCollection AddHubDatabase<TDb>(this IServiceCollection services)
        where TDb : HubDbContext
    {
        services.AddSingleton(provider =>
        {
            var requests = provider.GetRequiredService<RequestSource>();
            return Builder(provider.GetRequiredService<IOptions<HubOptions>>().Value)
                .UsePhysicalConnectionInitializer(requests.Seen, requests.SeenAsync)
                .Build();
        });
        services.AddSingleton(provider =>
        {
            var settings = provider.GetRequiredService<IOptions<HubOptions>>().Value;
            return new RequestSource(
                Builder(settings, PostgresRoles.OfService(settings.Service).Request, settings.RequestPassword).Build()
            );
        });
        services.AddSingleton<RequestRole>();
        services.AddScoped<RowScope>();
        // Not pooled: a context carries the events it has yet to save, and must never hand them to the next request.
        services.AddDbContext<TDb>(
            (provider, options) =>
                Configure(options).UseMessaging(provider).AddInterceptors(provider.GetRequiredService<RequestRole>()),
            ServiceLifetime.Scoped,
            ServiceLifetime.Singleton
        );
        services.Replace(
            ServiceDescriptor.Scoped(provider =>
            {
                var db = ActivatorUtilities.CreateInstance<TDb>(provider);
                db.Rows = provider.GetRequiredService<RowScope>();
                return db;
            })
        );
        services.AddScoped<HubDbContext>(provider => provider.GetRequiredService<TDb>());
        services.AddHostedService<MigrateAtStart<TDb>>();
        services.AddHostedService<SealEarlierTexts<TDb>>();
        return services;
    }

    internal static NpgsqlDataSourceBuilder Builder(HubOptions settings, string? login = null, string? password = null)
    {
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.ConnectionStringBuilder.ApplicationName ??= settings.Service;
        // Values stay out of exceptions, and so out of every log.
        source.ConnectionStringBuilder.IncludeErrorDetail = false;
        // Parsing and planning the same few statements cost PostgreSQL more than running them.
        source.ConnectionStringBuilder.MaxAutoPrepare = 128;
        // A session keeps nothing: settings and locks are the transaction's.
        source.ConnectionStringBuilder.NoResetOnClose = true;
        if (login is not null)
            (source.ConnectionStringBuilder.Username, source.ConnectionStringBuilder.Password) = (login, password);
        return source;
    }

    /// <summary>
    /// Entity Framework makes a model and compiles its queries once for each data source that it is given, but once
    /// for all where it is given none and takes the service's: so the migrations at a start and the requests after it
    /// share them.
    /// </summary>
    internal static DbContextOptionsBuilder Configure(
        DbContextOptionsBuilder options,
        NpgsqlConnection? connection = null
    )
    {
        static void History(NpgsqlDbContextOptionsBuilder npgsql) =>
            npgsql.MigrationsHistoryTable("__ef_migrations_history");
        if (connection is null)
            options.UseNpgsql(History);
        else
            options.UseNpgsql(connection, History);
        return options
            .ReplaceService<IHistoryRepository, HubHistoryRepository>()
            .ReplaceService<IModelCacheKeyFactory, ModelOfKeyRing>();
    }
}

#pragma warning disable EF1001 // The repository is the provider's; only its schema is ours.
// The history table is in the service's own schema, which only the context knows.
internal sealed class HubHistoryRepository(HistoryRepositoryDependencies dependencies)
    : Npgsql.EntityFrameworkCore.PostgreSQL.Migrations.Internal.NpgsqlHistoryRepository(dependencies)
{
    private readonly string _schema = ((HubDbContext)dependencies.CurrentContext.Context).SchemaName;

    protected override string TableSchema => _schema;
}
#pragma warning restore EF1001

/// <summary>
/// Lets the migrations tool build a service's context without its configuration: derive once, empty, beside
/// the context.
/// </summary>
public abstract class HubDesignTime<TDb> : IDesignTimeDbContextFactory<TDb>
    where TDb : HubDbContext
{
    /// <inheritdoc/>
    public TDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<TDb>();
        HubDatabase.Configure(options, new NpgsqlConnection("Host=localhost"));
        return (TDb)
            Activator.CreateInstance(
                typeof(TDb),
                BindingFlags.Public | BindingFlags.Instance,
                null,
                [options.Options],
                null
            )!;
    }
}

internal sealed partial class MigrateAtStart<TDb>(
    IServiceProvider services,
    IOptions<HubOptions> settings,
    ILogger<MigrateAtStart<TDb>> logger
) : IHostedLifecycleService
    where TDb : HubDbContext
{
    // Before every other hosted service: the relay and the consumers need the tables.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!settings.Value.MigrateAtStart)
            return;
        // The one use of the owner's login: nothing that runs afterwards can change a table.
        await using var source = HubDatabase
            .Builder(
                settings.Value,
                PostgresRoles.OfService(settings.Value.Service).Owner,
                settings.Value.OwnerPassword
            )
            .Build();
        await using var connection = source.CreateConnection();
        await using var db = ContextOf(connection);
        // EF Core's own lock ends with its first transaction, and of two replicas that start at once both would
        // migrate.
        // What waits for it, and what builds an index over years of rows, takes longer than a request may.
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await db.Database.OpenConnectionAsync(cancellationToken);
        var name = $"migrations of {db.SchemaName}";
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock(hashtext({name}))", cancellationToken);
        try
        {
            // Whoever asks for a table that is not there yet leaves an error in the log, at each first start.
            await db.Database.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
            if (pending > 0)
            {
                Migrating(logger, pending, db.SchemaName);
                await db.Database.MigrateAsync(cancellationToken);
            }

            await GrantRoles.RunAsync(connection, db, cancellationToken);
        }
        finally
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock(hashtext({name}))", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }

    private TDb ContextOf(NpgsqlConnection connection)
    {
        var options = new DbContextOptionsBuilder<TDb>();
        options.UseApplicationServiceProvider(services);
        HubDatabase.Configure(options, connection);
        return ActivatorUtilities.CreateInstance<TDb>(services, options.Options);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Applying {Count} migrations to schema {Schema}")]
    private static partial void Migrating(ILogger logger, int count, string schema);
}
