using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.Identity.Storage;

internal sealed class MigrateAtStart(IServiceScopeFactory scopes) : IHostedService
{
    // Of this database; any number that nothing else in it uses.
    private const long Lock = 8105;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDb>().Database;
        // EF Core's own lock ends with its first transaction, and of two instances that start at once both would
        // migrate.
        await database.OpenConnectionAsync(cancellationToken);
        await database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Lock})", cancellationToken);
        try
        {
            await database.MigrateAsync(cancellationToken);
        }
        finally
        {
            await database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Lock})", CancellationToken.None);
            await database.CloseConnectionAsync();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
