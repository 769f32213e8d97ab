using Safeguarding.Hosting;
using Safeguarding.Hosting.Hours;
using Safeguarding.Operations;
using Safeguarding.Operations.Refusals;
using Safeguarding.Operations.Sources;
using Safeguarding.PlanRegistry;
using Safeguarding.PlanRegistry.BreakGlass;
using Safeguarding.PlanRegistry.Lookups;
using Safeguarding.PlanRegistry.Lookups.Fhir;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Refusals;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.PlanRegistry.Uploads;

var builder = WebApplication.CreateBuilder(args);
builder.AddHub<PlanRegistryDb>("plan-registry");
builder.Services.AddOperations();
builder.Services.AddUploads();
builder.Services.AddSourceWatch();
builder.Services.AddRefusalRecording();
builder.AddLookups();

// Before the framework's own writer, which takes every path.
builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, CpIsProblems>());
builder.AddOfficeHours();
builder.Services.AddHostedService<PurgeExpired>();
builder.Services.AddHostedService<CountDeletedSoon>();
builder.Services.AddHostedService<RekeyPlans>();
builder.Services.AddHostedService<WatchBreakGlass>();
builder.Services.AddSingleton(PlanAccounts.Set);
var app = builder.Build();
app.MapHub();
app.MapOperations();
app.MapSources();
app.MapRefusals("plan.write");
app.MapPlanRegistryRoutes();
app.MapCpIsSearches();
app.Run();
