using Safeguarding.Hosting;
using Safeguarding.Hosting.Sources;
using Safeguarding.PlanRegistry;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.PlanRegistry.Uploads;

var builder = WebApplication.CreateBuilder(args);
builder.AddHub<PlanRegistryDb>("plan-registry");
builder.Services.AddUploads();
builder.Services.AddSourceWatch();
builder.Services.AddHostedService<PurgeExpired>();
builder.Services.AddSingleton(PlanAccounts.Set);
var app = builder.Build();
app.MapHub();
app.MapSources();
app.MapPlanRegistryRoutes();
app.Run();
