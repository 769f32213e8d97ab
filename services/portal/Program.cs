using Safeguarding.Hosting;
using Safeguarding.Hosting.Telemetry;
using Safeguarding.Portal;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;
using Safeguarding.Portal.Storage;

var builder = WebApplication.CreateBuilder(args);
builder.AddHubSecrets(); // Secrets__Directory, a file per setting
builder.AddHubTelemetry("portal"); // OTLP when an endpoint is configured
builder.AddPortal(); // settings checked at start, pages, cookies
builder.AddPortalStorage(); // sessions and keys in PostgreSQL, migrations, readiness
builder.AddSignIn(); // people sign in at identity; their tokens stay here
builder.AddServiceClients(); // the services' public APIs, called with the person's own token

var app = builder.Build();
app.MapPortal();
app.Run();
