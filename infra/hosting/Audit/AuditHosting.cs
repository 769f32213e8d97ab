using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Safeguarding.Hosting.Audit;

/// <summary>What seals the audit of a service.</summary>
internal static class AuditHosting
{
    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        SearchAuditEvents.Map(app);
        ReadAuditRoots.Map(app);
    }

    public static IServiceCollection AddHubAudit(this IServiceCollection services) =>
        services
            .AddSingleton<AuditRoots>()
            .AddSingleton<AuditStore>()
            .AddSingleton<AuditFlood>()
            .AddSingleton<SearchAuditEvents>()
            .AddSingleton<ReadAuditRoots>()
            .AddHostedService<SealAudit>()
            .AddHostedService(provider => provider.GetRequiredService<AuditFlood>());
}
