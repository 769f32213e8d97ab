using Safeguarding.Bench.Baseline;
using Safeguarding.Bench.Baseline.Plain;
using Safeguarding.Bench.Baseline.Safe;

// The pipeline as it is usually written, to measure the hub against: once plainly and once safely, in three processes.
var (peer, role) = (args[0], args[1]);
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<Counts>();
builder.Services.AddSingleton<Webhook>();
builder.Services.AddHttpClient(Webhook.Client, http => http.Timeout = TimeSpan.FromSeconds(10));
if (peer == "safe")
    builder.AddSafePeer(role);
else
    builder.AddPlainPeer(role);

var app = builder.Build();
if (role == "intake")
    await (peer == "safe" ? app.OpenSafeIntakeAsync() : app.OpenPlainIntakeAsync());
app.MapGet("/health", () => "up");
app.MapGet("/counts", (Counts counts) => counts);
app.Run();
