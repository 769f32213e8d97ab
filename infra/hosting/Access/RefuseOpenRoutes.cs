using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// A route that says neither which tokens open it nor that it is for everybody ends the start: it would be open to
/// every token.
/// </summary>
internal sealed class RefuseOpenRoutes(EndpointDataSource routes) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var open = routes
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route =>
                route.Metadata.GetMetadata<IAuthorizeData>() is null
                && route.Metadata.GetMetadata<AuthorizationPolicy>() is null
                && route.Metadata.GetMetadata<IAllowAnonymous>() is null
                // The framework's own answer to a wrong method or media type.
                && route.Metadata.GetMetadata<System.Reflection.MethodInfo>() is not null
            )
            .Select(route => route.RoutePattern.RawText)
            .ToList();
        return open is []
            ? Task.CompletedTask
            : throw new InvalidOperationException(
                $"These routes say neither RequireScope nor AllowAnonymous: {string.Join(", ", open)}."
            );
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
