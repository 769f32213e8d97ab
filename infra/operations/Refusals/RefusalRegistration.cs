using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Safeguarding.Operations.Refusals;

/// <summary>For services that keep what they refused.</summary>
public static class RefusalRegistration
{
    /// <summary>
    /// Adds <see cref="RefusalLog"/>; the service's migrations must have made its tables
    /// (<see cref="RefusalTables"/>).
    /// </summary>
    public static IServiceCollection AddRefusals(this IServiceCollection services)
    {
        services.AddSingleton<RefusalStore>();
        services.AddSingleton(provider => new RefusalLog(
            provider.GetRequiredService<RefusalStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RefusalLog>>()
        ));
        services.AddHostedService(provider => provider.GetRequiredService<RefusalLog>());
        services.AddHostedService<RefusalWatch>();
        return services;
    }
}
