using Safeguarding.Hosting;
using Safeguarding.Matching;
using Safeguarding.Matching.Files;
using Safeguarding.Matching.Storage;

if (args is ["match-files", .. var files])
    return MatchFiles.Run(files);

var builder = WebApplication.CreateBuilder(args);
builder.AddHub<MatchingDb>("matching");
builder.AddMatching();
var app = builder.Build();
app.MapHub();
app.MapMatchingRoutes();
app.Run();
return 0;
