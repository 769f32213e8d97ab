using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// Migrates the tables of a program without events at its start, by the owner's login, and grants the worker's what it
/// may; unless <c>Migrations__AtStart</c> is false.
/// </summary>
/// <param name="configuration">The program's configuration.</param>
/// <param name="loggers">The program's.</param>
/// <param name="roles">Its logins; it has none for requests.</param>
/// <param name="configure">Makes a context's options for a connection string.</param>
public sealed class MigrateUnderLock<TDb>(
    IConfiguration configuration,
    ILoggerFactory loggers,
    PostgresRoles roles,
    Action<DbContextOptionsBuilder, string> configure
) : IHostedService
    where TDb : DbContext
{
    /// <summary>
    /// In the order of registration: after what reads the program's files, whose faults are to be named without a
    /// database, and before what needs the tables.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!OwnerLogin.MigratesAtStart(configuration))
            return;
        var options = new DbContextOptionsBuilder<TDb>().UseLoggerFactory(loggers);
        configure(options, OwnerLogin.ConnectionString(configuration, roles));
        await using var db = (TDb)Activator.CreateInstance(typeof(TDb), options.Options)!;
        var database = db.Database;
        // EF Core's own lock ends with its first transaction, and of two instances that start at once both would
        // migrate.
        await database.OpenConnectionAsync(cancellationToken);
        var name = $"migrations of {roles.Schema}";
        await database.ExecuteSqlAsync($"SELECT pg_advisory_lock(hashtext({name}))", cancellationToken);
        try
        {
            await database.MigrateAsync(cancellationToken);
            await GrantRoles.RunAsync((NpgsqlConnection)database.GetDbConnection(), roles, cancellationToken);
        }
        finally
        {
            await database.ExecuteSqlAsync($"SELECT pg_advisory_unlock(hashtext({name}))", CancellationToken.None);
            await database.CloseConnectionAsync();
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
