using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Safeguarding.Bench.Baseline.Plain;

/// <summary>
/// One save a request, one publish a message, one consumer call a message, libraries as they come. It has no tokens,
/// outbox, inbox or retries: all of that would only make it slower.
/// </summary>
internal static class PlainPeer
{
    public static void AddPlainPeer(this WebApplicationBuilder builder, string role)
    {
        builder.Services.AddDbContextPool<PlainDb>(options =>
            options.UseNpgsql(builder.Configuration.GetConnectionString("Peer"))
        );
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            if (role == "match")
                bus.AddConsumer<MatchEncounterConsumer>();
            if (role == "notify")
                bus.AddConsumer<SendWebhookConsumer>();
            bus.UsingRabbitMq(
                (context, rabbit) =>
                {
                    rabbit.Host(new Uri(builder.Configuration["RabbitMq:Uri"]!));
                    rabbit.ConfigureEndpoints(context);
                }
            );
        });
    }

    public static async Task OpenPlainIntakeAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlainDb>().Database.EnsureCreatedAsync();
        app.MapPost("/fhir/Encounter", TakeEncounter.Handle);
    }
}
