using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.Audit;

/// <summary>What seals the audit of a service.</summary>
internal static class AuditRegistration
{
    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        SearchAuditEvents.Map(app);
        GetAuditRoots.Map(app);
    }

    public static IServiceCollection AddHubAudit(this IServiceCollection services) =>
        services.AddAuditOf(provider => new AuditedService(
            provider.GetRequiredService<IOptions<HubOptions>>().Value.Service,
            provider.GetRequiredService<IServiceScopeFactory>().SchemaOfService()
        ));

    /// <summary>Writes, chains and signs the records of a service, and has what its routes read them by.</summary>
    /// <param name="services">The service's; an <c>NpgsqlDataSource</c> and a clock are among them.</param>
    /// <param name="service">Whose audit it is.</param>
    public static IServiceCollection AddAuditOf(
        this IServiceCollection services,
        Func<IServiceProvider, AuditedService> service
    )
    {
        // Before the framework's own writer, which takes every path.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, AuditProblems>());
        return services
            .AddSingleton(service)
            .AddSingleton<AuditRoots>()
            .AddSingleton<AuditStore>()
            .AddSingleton<AuditFlood>()
            .AddHostedService<SealAudit>()
            .AddHostedService<PurgeAudit>()
            .AddHostedService(provider => provider.GetRequiredService<AuditFlood>())
            .AddSingleton<SearchAuditEvents>()
            .AddSingleton<GetAuditRoots>();
    }
}
