using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Storage;
using Safeguarding.Hosting.Telemetry;
using Safeguarding.Hosting.Tls;
using Safeguarding.Messaging;
using Safeguarding.Messaging.Faults;

namespace Safeguarding.Hosting;

/// <summary>What every service of the hub does the same way.</summary>
public static class HubRegistration
{
    /// <summary>
    /// Bytes of a body, where a route does not say otherwise by a <c>RequestSizeLimit</c>: more is answered 413 before
    /// it is read.
    /// </summary>
    public const long LargestBody = 64 * 1024;

    // Councils' long polls hold one each; more than this is no council's and no trust's.
    private const long MostConnections = 5_000;

    /// <summary>
    /// Adds configuration checks, database with outbox and inbox, bus with the consumers found in the context's
    /// assembly, bearer tokens, sealing, telemetry, problem details, OpenAPI and health.
    /// </summary>
    /// <typeparam name="TDb">The service's context; its assembly is searched for consumers.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="service">The service's name, such as <c>matching</c>.</param>
    public static WebApplicationBuilder AddHub<TDb>(this WebApplicationBuilder builder, string service)
        where TDb : HubDbContext
    {
        CrashPoint.RefuseOutsideTests(builder.Environment);
        builder.AddHubSecrets();
        builder.AddHubTelemetry(service);
        builder.Host.UseDefaultServiceProvider(provider =>
        {
            provider.ValidateOnBuild = true;
            provider.ValidateScopes = true;
        });
        builder.LimitServer();

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddHubOptions(service);
        PublicAddress.Add(services, builder.Configuration);
        services.AddHubDatabase<TDb>();
        services.AddMessaging<TDb>(service, provider =>
        {
            var settings = provider.GetRequiredService<IOptions<HubOptions>>().Value;
            return new MessagingOptions(settings.RabbitMq!, TimeSpan.FromSeconds(settings.UnsentAlarmSeconds));
        });
        services.AddHubAudit();
        services.AddHubHealth();
        services.AddHubRoutes(builder.Configuration, service);
        CheckPeers.Add(services);
        return builder;
    }

    /// <summary>
    /// What each program of the hub takes in at most, whatever its routes are: bytes of a body and connections.
    /// </summary>
    /// <param name="builder">The builder.</param>
    public static void LimitServer(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });

    /// <summary>
    /// What routes of the hub need of a program that has no bus: bearer tokens, limits, sealing, refusals and OpenAPI.
    /// </summary>
    /// <param name="services">The program's.</param>
    /// <param name="configuration">The program's.</param>
    /// <param name="service">Its name.</param>
    /// <param name="ownIssuer">Itself, where it issues tokens.</param>
    internal static void AddHubRoutes(
        this IServiceCollection services,
        IConfiguration configuration,
        string service,
        string? ownIssuer = null
    )
    {
        services.AddSingleton(provider => Sealer.Make(provider.GetRequiredService<IConfiguration>(), service));
        services.AddHubAccess(configuration, ownIssuer);
        services.AddTransient<IStartupFilter, RefuseOpenRoutes>();
        services.AddRequestLimits();
        services.AddExceptionHandler<HubExceptionHandler>();
        services.AddSingleton<RouteInputs>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = RefusalReason.Complete);
        services.AddHubOpenApi(service);
        services.Configure<JsonOptions>(json =>
        {
            HubJson.Apply(json.SerializerOptions);
            // Of bodies only: events and what is stored may have members that this version does not know yet.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    /// <summary>Maps health, OpenAPI and the pipeline that every service has. Map your own routes after it.</summary>
    public static WebApplication MapHub(this WebApplication app)
    {
        PublicAddress.Use(app);
        app.UseRequestIds();
        app.UseAudit();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseRowScope();
        app.UseDeclaredInput();
        app.MapHubHealth();
        app.MapOpenApi().AllowAnonymous();
        app.MapAudit();
        return app;
    }

    /// <summary>
    /// Reads secrets from a directory of files, one per setting, as container engines mount them
    /// (<c>Secrets__Directory</c>).
    /// </summary>
    public static void AddHubSecrets(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["Secrets:Directory"] is { Length: > 0 } directory)
            builder.Configuration.AddKeyPerFile(Path.GetFullPath(directory), optional: false);
    }

    private static void AddHubOptions(this IServiceCollection services, string service)
    {
        services
            .AddOptions<HubOptions>()
            .Configure<IConfiguration>(
                (settings, configuration) =>
                {
                    settings.Service = service;
                    settings.ConnectionString = configuration.GetConnectionString("Hub") ?? "";
                    settings.OwnerPassword = configuration["Postgres:OwnerPassword"] ?? "";
                    settings.RequestPassword = configuration["Postgres:RequestPassword"] ?? "";
                    settings.RabbitMq = Uri.TryCreate(configuration["RabbitMq:Uri"], UriKind.Absolute, out var uri)
                        ? uri
                        : null;
                    settings.MigrateAtStart = configuration.GetValue("Migrations:AtStart", true);
                    settings.UnsentAlarmSeconds = configuration.GetValue("Outbox:UnsentAlarmSeconds", 60);
                }
            )
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<HubOptions>, StartUpValidation>();
    }

    private sealed class StartUpValidation(IConfiguration configuration) : IValidateOptions<HubOptions>
    {
        public ValidateOptionsResult Validate(string? name, HubOptions options)
        {
            string?[] wrong =
            [
                HubAccess.ValidationErrors(configuration),
                HubLogFormatter.ValidationErrors(configuration),
                PublicAddress.ValidationErrors(configuration),
                AuditRoots.ValidationErrors(configuration),
                PurgeAudit.ValidationErrors(configuration),
                Sealer.ValidationErrors(configuration, options.Service),
                OwnerLogin.ValidationErrors(configuration),
            ];
            return wrong.OfType<string>().ToList() is { Count: > 0 } failures
                ? ValidateOptionsResult.Fail(failures)
                : ValidateOptionsResult.Success;
        }
    }
}
