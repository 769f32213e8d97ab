using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.TestKit;

/// <summary>
/// A database with services' tables, to copy: migrating one for each test would be a good part of what a start costs.
/// </summary>
internal static class MigratedDatabase
{
    private static readonly ConcurrentDictionary<(HubServers, string), Lazy<Task<string>>> s_made = [];

    /// <summary>The connection string; nobody is connected to it.</summary>
    /// <param name="servers">Where.</param>
    /// <param name="contexts">The contexts of the services.</param>
    public static Task<string> OfAsync(HubServers servers, Type[] contexts) =>
        s_made
            .GetOrAdd((servers, string.Join(' ', contexts.Select(context => context.Name))), _ => new Lazy<
                Task<string>
            >(() => MigrateAsync(servers, contexts)))
            .Value;

    private static async Task<string> MigrateAsync(HubServers servers, Type[] contexts)
    {
        var database = await servers.CreateDatabaseAsync();
        foreach (var context in contexts)
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(database)
                {
                    Username = ServiceLogins.SchemaOf(context),
                    Password = ServiceLogins.Password,
                    Pooling = false,
                }.ConnectionString
            );
            var options = (DbContextOptionsBuilder)
                Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(context))!;
            HubDatabase.Configure(options, connection);
            await using var db = (HubDbContext)Activator.CreateInstance(context, options.Options)!;
            await db.Database.MigrateAsync();
            await connection.OpenAsync();
            await GrantRoles.RunAsync(connection, db, default);
        }

        return database;
    }
}
