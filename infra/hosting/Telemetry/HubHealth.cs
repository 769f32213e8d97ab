using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using Safeguarding.Hosting.Outbox;

namespace Safeguarding.Hosting.Telemetry;

/// <summary>
/// Ready when the database answers and the oldest unsent outbox row is young, whatever the bus object thinks
/// of itself.
/// </summary>
internal sealed class OutboxHealth(OutboxStore store, IOptions<HubSettings> settings) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            var state = await store.StateAsync(cancellationToken);
            var data = new Dictionary<string, object>
            {
                ["oldestUnsentSeconds"] = state.OldestUnsent?.TotalSeconds ?? 0,
                ["unsent"] = state.Unsent,
                ["unreceived"] = state.Unreceived,
            };
            return state.OldestUnsent > TimeSpan.FromSeconds(settings.Value.UnsentAlarmSeconds)
                ? HealthCheckResult.Unhealthy(
                    "The oldest unsent outbox row is too old: the broker does not take messages.",
                    data: data
                )
                : HealthCheckResult.Healthy("The database answers and the outbox is young.", data);
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(
                $"The database does not answer ({exception.SqlState ?? exception.GetType().Name})."
            );
        }
    }
}

internal static class HubHealth
{
    private const string Ready = "ready";

    public static void AddHubHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<OutboxHealth>("outbox", tags: [Ready]);

    public static void MapHubHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks(
                "/health/ready",
                new HealthCheckOptions
                {
                    Predicate = check => check.Tags.Contains(Ready),
                    ResponseWriter = (context, report) =>
                        context.Response.WriteAsJsonAsync(
                            new
                            {
                                Status = report.Status.ToString(),
                                Checks = report.Entries.Select(entry => new
                                {
                                    Name = entry.Key,
                                    Status = entry.Value.Status.ToString(),
                                    entry.Value.Description,
                                    entry.Value.Data,
                                }),
                            },
                            HubJson.Options
                        ),
                }
            )
            .AllowAnonymous();
    }
}
