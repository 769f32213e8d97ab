using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Safeguarding.Operations.Sources;

/// <summary>For services that organisations send to.</summary>
public static class SourceRegistration
{
    /// <summary>Adds <see cref="SourceWatch"/>; the service's migrations must have made its tables.</summary>
    public static IServiceCollection AddSourceWatch(this IServiceCollection services)
    {
        services.AddSingleton<SourceStore>();
        services.AddSingleton(provider => new SourceWatch(
            provider.GetRequiredService<SourceStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SourceWatch>>()
        ));
        services.AddHostedService(provider => provider.GetRequiredService<SourceWatch>());
        return services;
    }
}
