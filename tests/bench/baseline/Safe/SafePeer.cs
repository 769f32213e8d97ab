using System.Security.Cryptography;
using MassTransit;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Bench.Baseline.Safe;

/// <summary>
/// A token is checked, and nothing that was accepted is lost: outbox and inbox tables, confirms, quorum queues,
/// retries.
/// </summary>
internal static class SafePeer
{
    private const string MayPost = "encounter.write";
    private const int Prefetch = 32;
    private static readonly TimeSpan[] Retries =
    [
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(5),
    ];

    public static void AddSafePeer(this WebApplicationBuilder builder, string role)
    {
        builder.Services.AddDbContextPool<SafeDb>(options =>
            options.UseNpgsql(builder.Configuration.GetConnectionString("Peer"))
        );
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            if (role == "match")
                bus.AddConsumer<MatchEncounterConsumer>();
            if (role == "notify")
                bus.AddConsumer<QueueWebhookConsumer>();
            bus.AddConfigureEndpointsCallback(
                (_, _, endpoint) =>
                {
                    ((IRabbitMqReceiveEndpointConfigurator)endpoint).SetQuorumQueue();
                    endpoint.PrefetchCount = Prefetch;
                    endpoint.UseMessageRetry(retry => retry.Intervals(Retries));
                }
            );
            bus.UsingRabbitMq(
                (context, rabbit) =>
                {
                    rabbit.Host(new Uri(builder.Configuration["RabbitMq:Uri"]!));
                    rabbit.ConfigureEndpoints(context);
                }
            );
        });
        // After the bus, so that on the way down they stop before it.
        if (role == "notify")
        {
            builder.Services.AddHostedService<SendWebhooks>();
        }
        else
        {
            builder.Services.AddHostedService(services =>
                ActivatorUtilities.CreateInstance<DispatchOutbox>(services, role)
            );
        }

        if (role == "intake")
            builder.Services.AddTokenCheck(builder.Configuration);
    }

    public static async Task OpenSafeIntakeAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SafeDb>().Database.EnsureCreatedAsync();
        app.MapPost("/fhir/Encounter", TakeEncounter.Handle)
            .RequireAuthorization(policy => policy.RequireClaim("scope", MayPost));
    }

    private static void AddTokenCheck(this IServiceCollection services, ConfigurationManager configuration)
    {
        var key = RSA.Create();
        key.ImportFromPem(configuration["Token:Key"]);
        services
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(options =>
            {
                options.MapInboundClaims = false;
                options.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidIssuer = configuration["Token:Issuer"],
                    ValidAudience = configuration["Token:Audience"],
                    IssuerSigningKey = new RsaSecurityKey(key),
                };
            });
        services.AddAuthorization();
    }
}
