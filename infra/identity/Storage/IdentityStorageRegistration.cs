using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Storage;
using Safeguarding.Hosting.Tls;

namespace Safeguarding.Identity.Storage;

internal static class IdentityStorageRegistration
{
    public const string Ready = "ready";

    public static void AddIdentityStorage(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString("Hub") is not { Length: > 0 } connectionString)
            throw new InvalidOperationException("ConnectionStrings__Hub is missing: an Npgsql connection string.");
        var source = new NpgsqlConnectionStringBuilder(connectionString) { IncludeErrorDetail = false };
        source.ApplicationName ??= "identity";

        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(source));
        builder.Services.AddDbContextPool<IdentityDb>(options =>
            IdentityDb.Configure(options, source.ConnectionString)
        );
        CheckPeers.Add(builder.Services);
        builder.Services.AddHostedService(provider =>
            ActivatorUtilities.CreateInstance<MigrateUnderLock<IdentityDb>>(
                provider,
                new PostgresRoles(IdentityDb.Schema),
                (Action<DbContextOptionsBuilder, string>)IdentityDb.Configure
            )
        );
        // After the migration, because it asks for its tables at its start.
        builder.Services.AddAuditOf(_ => new AuditedService("identity", IdentityDb.Schema));
        builder.Services.AddHealthChecks().AddCheck<StorageHealth>("storage", tags: [Ready]);
    }
}
