using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// A route that says neither by which scope it opens nor that it is for everybody, or that opens by a scope and leaves
/// no declared act in the audit, ends the start, before the service listens.
/// </summary>
internal sealed class RefuseOpenRoutes : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            next(app);
            Judge(app.ApplicationServices.GetRequiredService<EndpointDataSource>());
        };

    private static void Judge(EndpointDataSource routes)
    {
        var guarded = routes
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .ToList();
        Refuse(
            guarded.Where(route =>
                route.Metadata.GetMetadata<RequiredScope>() is null && route.Metadata.GetMetadata<AnyScope>() is null
            ),
            "say none of RequireScope, RequireToken and AllowAnonymous"
        );
        Refuse(guarded.Where(route => route.Metadata.GetMetadata<RouteAct>() is null), "say no Audits or AuditsEach");
    }

    private static void Refuse(IEnumerable<RouteEndpoint> routes, string what)
    {
        if (string.Join(", ", routes.Select(route => route.RoutePattern.RawText)) is { Length: > 0 } wrong)
            throw new InvalidOperationException($"These routes {what}: {wrong}.");
    }
}
