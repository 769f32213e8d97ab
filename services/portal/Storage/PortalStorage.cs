using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Safeguarding.Hosting.Storage;
using Safeguarding.Hosting.Tls;

namespace Safeguarding.Portal.Storage;

internal static class PortalStorage
{
    public const string Ready = "ready";

    public static void AddPortalStorage(this WebApplicationBuilder builder)
    {
        var source = new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString("Hub"))
        {
            IncludeErrorDetail = false,
        };
        source.ApplicationName ??= "portal";
        var services = builder.Services;
        services.AddPooledDbContextFactory<PortalDb>(options => PortalDb.Configure(options, source.ConnectionString));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContext());
        // First of all that starts: the pages have asked for data protection, which reads its keys at the start.
        services.Insert(
            0,
            ServiceDescriptor.Singleton<IHostedService>(provider =>
                ActivatorUtilities.CreateInstance<MigrateUnderLock<PortalDb>>(
                    provider,
                    new PostgresRoles(PortalDb.Schema),
                    (Action<DbContextOptionsBuilder, string>)PortalDb.Configure
                )
            )
        );
        CheckPeers.Add(services);
        services.AddHealthChecks().AddCheck<StorageHealth>("storage", tags: [Ready]);

        // The certificate is a secret of the portal: whoever reads the database alone reads no session.
        var certificate = builder.Configuration["Portal:Certificate"]!;
        services
            .AddDataProtection()
            .SetApplicationName("portal")
            .PersistKeysToDbContext<PortalDb>()
            .ProtectKeysWithCertificate(X509Certificate2.CreateFromPem(certificate, certificate));
    }

    /// <summary>Without sessions nobody can be shown anything.</summary>
    private sealed class StorageHealth(PortalDb db) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        ) =>
            await db.Database.CanConnectAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database does not answer.");
    }
}
