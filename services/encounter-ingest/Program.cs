using Safeguarding.EncounterIngest;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddEncounterIntake();
builder.AddHub<EncounterIngestDb>("encounter-ingest");
var app = builder.Build();
app.MapHub();
app.MapEncounterRoutes();
app.Run();
