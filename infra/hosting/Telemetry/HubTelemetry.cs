using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;

namespace Safeguarding.Hosting.Telemetry;

/// <summary>Traces, metrics and logs over OTLP, when an endpoint is configured; redacted logs always.</summary>
public static class HubTelemetry
{
    /// <summary>
    /// Redacts logs, quietens what would log requests' query strings, and exports over OTLP when
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
    /// </summary>
    public static void AddHubTelemetry(this WebApplicationBuilder builder, string service)
    {
        builder.Logging.EnableRedaction();
        builder.Services.AddRedaction(redaction =>
            redaction.SetRedactor<Microsoft.Extensions.Compliance.Redaction.ErasingRedactor>(
                PersonalDataAttribute.Classification
            )
        );
        if (builder.Configuration["Logs:File"] is { Length: > 0 } file)
            Console.SetOut(new RollingFile(file, builder.Configuration.GetValue("Logs:MaxBytes", 10 * 1024 * 1024)));
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
            console.FormatterName = HubLogFormatter.FormatterName
        );
        builder.Logging.AddConsoleFormatter<HubLogFormatter, ConsoleFormatterOptions>();
        // Request lines hold query strings; HttpClient's lines hold URLs; MassTransit's hold message faults.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        // The outbox, the inbox and health say themselves what fails; MassTransit would print each message with its
        // stack.
        builder.Logging.AddFilter("MassTransit", LogLevel.Critical);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        builder.Logging.AddOpenTelemetry(logs => logs.IncludeScopes = false);
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, "safeguarding-hub"))
            .WithTracing(tracing =>
                tracing
                    .AddAspNetCoreInstrumentation(http =>
                    {
                        http.Filter = context => !context.Request.Path.StartsWithSegments("/health");
                        // What a caller puts into a path may be a child's number; the route says what was called.
                        http.EnrichWithHttpRequest = (span, _) => span.SetTag("url.path", null);
                    })
                    // The path of a council's endpoint may be its password.
                    .AddHttpClientInstrumentation(http =>
                        http.EnrichWithHttpRequestMessage = (span, request) =>
                            span.SetTag("url.full", request.RequestUri?.GetLeftPart(UriPartial.Authority))
                    )
                    .AddNpgsql()
                    .AddSource(MessagingMetrics.Name)
            )
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter("Npgsql", MessagingMetrics.Name)
            )
            .UseOtlpExporter();
    }
}
