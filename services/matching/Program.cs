using Safeguarding.Hosting;
using Safeguarding.Matching;
using Safeguarding.Matching.Storage;

var builder = WebApplication.CreateBuilder(args);
builder.AddHub<MatchingDb>("matching");
builder.AddMatching();
var app = builder.Build();
app.MapHub();
app.MapMatchingRoutes();
app.Run();
