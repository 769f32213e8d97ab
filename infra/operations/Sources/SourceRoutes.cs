using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.Operations.Sources;

/// <summary>The routes of sources.</summary>
public static class SourceRoutes
{
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
