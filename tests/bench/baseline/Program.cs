using MassTransit;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Bench.Baseline;

// The pipeline as it is usually written, to measure the hub against: one process a role, one save a request, one
// publish a message, one consumer call a message, libraries as they come. It has no tokens, no sealing, no audit, no
// outbox and no retries: all of that would only make it slower.
var role = args[0];
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContextPool<PeerDb>(options =>
    options.UseNpgsql(builder.Configuration.GetConnectionString("Peer"))
);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<Counts>();
builder.Services.AddHttpClient();
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

var app = builder.Build();
if (role == "intake")
{
    await using var scope = app.Services.CreateAsyncScope();
    await scope.ServiceProvider.GetRequiredService<PeerDb>().Database.EnsureCreatedAsync();
    app.MapPost("/fhir/Encounter", TakeEncounter.Handle);
}

app.MapGet("/health", () => "up");
app.MapGet("/counts", (Counts counts) => counts);
app.Run();
