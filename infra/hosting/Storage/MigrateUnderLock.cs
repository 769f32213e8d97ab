using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// Migrates the tables of a program without events at its start, unless <c>Migrations__AtStart</c> is false.
/// </summary>
/// <param name="scopes">Where the context comes from.</param>
/// <param name="configuration">The program's configuration.</param>
/// <param name="key">Of the lock in this database: any number that nothing else in it uses.</param>
public sealed class MigrateUnderLock<TDb>(IServiceScopeFactory scopes, IConfiguration configuration, long key)
    : IHostedService
    where TDb : DbContext
{
    /// <summary>
    /// In the order of registration: after what reads the program's files, whose faults are to be named without a
    /// database, and before what needs the tables.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!configuration.GetValue("Migrations:AtStart", true))
            return;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TDb>().Database;
        // EF Core's own lock ends with its first transaction, and of two instances that start at once both would
        // migrate.
        await database.OpenConnectionAsync(cancellationToken);
        await database.ExecuteSqlAsync($"SELECT pg_advisory_lock({key})", cancellationToken);
        try
        {
            await database.MigrateAsync(cancellationToken);
        }
        finally
        {
            await database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({key})", CancellationToken.None);
            await database.CloseConnectionAsync();
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
