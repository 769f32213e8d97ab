using Microsoft.Extensions.DependencyInjection;

namespace Safeguarding.Hosting.Audit;

/// <summary>What seals the audit of a service.</summary>
internal static class AuditHosting
{
    public static IServiceCollection AddHubAudit(this IServiceCollection services) =>
        services.AddSingleton<AuditRoots>().AddHostedService<SealAudit>();
}
