using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;

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

    /// <summary>Maps <c>GET /ops/sources</c>.</summary>
    public static void MapSources(this IEndpointRouteBuilder app) =>
        app.MapGet("/ops/sources", ListAsync)
            .Audits("sources.read")
            .RequireScope("ops")
            .WithTags("Operations")
            .WithSummary("Who sends to this service, when each last sent, and whether that is unusual");

    private static async Task<Ok<Listing>> ListAsync(SourceWatch watch, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Listing(await watch.SourcesAsync(cancellationToken)));

    internal sealed record Listing(IReadOnlyList<Source> Sources);
}
