using Microsoft.AspNetCore.Http;
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

    public static IServiceCollection AddHubAudit(this IServiceCollection services)
    {
        // Before the framework's own writer, which takes every path.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, AuditProblems>());
        return services
            .AddSingleton<AuditRoots>()
            .AddSingleton<AuditStore>()
            .AddSingleton<AuditFlood>()
            .AddSingleton<SearchAuditEvents>()
            .AddSingleton<ReadAuditRoots>()
            .AddHostedService<SealAudit>()
            .AddHostedService(provider => provider.GetRequiredService<AuditFlood>());
    }
}
