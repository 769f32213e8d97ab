using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Safeguarding.Messaging;
using Safeguarding.Messaging.Outbox;

namespace Safeguarding.Hosting.Telemetry;

internal static class HubHealth
{
    private const string Ready = "ready";

    public static void AddHubHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddOutbox(tags: [Ready]);

    public static void MapHubHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false })
            .AllowAnonymous()
            .DisableRateLimiting();
        app.MapHealthChecks("/health/ready", Checks(whenDegraded: StatusCodes.Status200OK))
            .AllowAnonymous()
            .DisableRateLimiting();
        // For a monitor, not for a balancer: taking this replica out would not bring the broker back.
        app.MapHealthChecks("/health/outbox", Checks(whenDegraded: StatusCodes.Status503ServiceUnavailable))
            .AllowAnonymous()
            .DisableRateLimiting();
    }

    private static HealthCheckOptions Checks(int whenDegraded) =>
        new()
        {
            Predicate = check => check.Tags.Contains(Ready),
            ResultStatusCodes =
            {
                [HealthStatus.Healthy] = StatusCodes.Status200OK,
                [HealthStatus.Degraded] = whenDegraded,
                [HealthStatus.Unhealthy] = StatusCodes.Status503ServiceUnavailable,
            },
            ResponseWriter = (context, report) =>
                context.Response.WriteAsJsonAsync(
                    new
                    {
                        Status = report.Status.ToString(),
                        // Anybody may ask: how much waits, and why, is for ./hub status.
                        Checks = report.Entries.Select(entry => new
                        {
                            Name = entry.Key,
                            Status = entry.Value.Status.ToString(),
                        }),
                    },
                    HubJson.Options
                ),
        };
}
