using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.TestKit;

/// <summary>
/// A database with a service's tables, to copy: migrating one for each test would be a good part of what a start costs.
/// </summary>
internal static class MigratedDatabase
{
    private static readonly ConcurrentDictionary<(HubServers, Type), Lazy<Task<string?>>> s_made = [];

    /// <summary>
    /// The connection string; nobody is connected to it. Null of a service that migrates in a way of its own.
    /// </summary>
    public static Task<string?> OfAsync<TDb>(HubServers servers)
        where TDb : DbContext =>
        s_made.GetOrAdd((servers, typeof(TDb)), _ => new Lazy<Task<string?>>(() => MigrateAsync<TDb>(servers))).Value;

    private static async Task<string?> MigrateAsync<TDb>(HubServers servers)
        where TDb : DbContext
    {
        if (!typeof(HubDbContext).IsAssignableFrom(typeof(TDb)) || ServiceLogins.SchemaOf<TDb>() is not { } schema)
            return null;
        var database = await servers.CreateDatabaseAsync();
        var options = new DbContextOptionsBuilder<TDb>();
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database)
            {
                Username = schema,
                Password = ServiceLogins.Password,
                Pooling = false,
            }.ConnectionString
        );
        HubDatabase.Configure(options, source);
        await using var db = (TDb)
            Activator.CreateInstance(
                typeof(TDb),
                BindingFlags.Public | BindingFlags.Instance,
                null,
                [options.Options],
                null
            )!;
        await db.Database.MigrateAsync();
        await using var connection = await source.OpenConnectionAsync();
        await GrantRoles.RunAsync(connection, (HubDbContext)(DbContext)db, default);
        return database;
    }
}
