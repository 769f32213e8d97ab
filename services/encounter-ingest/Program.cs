using Safeguarding.EncounterIngest;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Sources;

var builder = WebApplication.CreateBuilder(args);
builder.AddEncounterIntake();
builder.AddHub<EncounterIngestDb>("encounter-ingest");
builder.Services.AddSourceWatch();
var app = builder.Build();
app.MapHub();
app.MapSources();
app.MapEncounterRoutes();
app.Run();
