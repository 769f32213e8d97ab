using Safeguarding.Hosting;
using Safeguarding.Matching;
using Safeguarding.Matching.Storage;
using Safeguarding.Operations;

var builder = WebApplication.CreateBuilder(args);
builder.AddHub<MatchingDb>("matching");
builder.Services.AddOperations();
builder.AddMatching();
var app = builder.Build();
app.MapHub();
app.MapOperations();
app.MapMatchingRoutes();
app.Run();
