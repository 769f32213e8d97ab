using Safeguarding.Hosting;
using Safeguarding.Hosting.Telemetry;
using Safeguarding.Identity;
using Safeguarding.Identity.People;
using Safeguarding.Identity.Storage;
using Safeguarding.Identity.Tokens;

var builder = WebApplication.CreateBuilder(args);
builder.AddHubSecrets(); // Secrets__Directory, a file per setting
builder.AddHubTelemetry("identity"); // OTLP when an endpoint is configured
builder.AddIdentity(); // settings checked at start, clients and signing keys followed on disk
builder.AddIdentityStorage(); // used assertions in PostgreSQL, migrations, readiness
builder.AddTokenEndpoint(); // OpenIddict's server: /connect/… and its metadata
builder.AddPeople(); // OpenIddict's client: outside providers, their rules, the development provider

var app = builder.Build();
app.MapIdentity();
app.Run();
