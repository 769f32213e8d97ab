using Safeguarding.EncounterIngest;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting;
using Safeguarding.Operations;
using Safeguarding.Operations.Sources;

var builder = WebApplication.CreateBuilder(args);
builder.AddEncounterIngest();
builder.AddHub<EncounterIngestDb>("encounter-ingest");
builder.Services.AddOperations();
builder.Services.AddSourceWatch();
var app = builder.Build();
app.MapHub();
app.MapOperations();
app.MapSources();
app.MapEncounterRoutes();
app.Run();
