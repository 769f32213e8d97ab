using System.Runtime.Versioning;
using Safeguarding.Bench.Cold;
using Safeguarding.Bench.Deliveries;
using Safeguarding.Bench.Linkage;
using Safeguarding.Bench.Lookup;
using Safeguarding.Bench.Pipeline;
using Safeguarding.Bench.Portal;
using Safeguarding.Cli;
using Spectre.Console.Cli;

// CPU and memory by process are read from /proc.
[assembly: SupportedOSPlatform("linux")]

using var output = Terminal.StandardOutput();
using var error = Terminal.StandardError();
var terminal = Terminal.OfThisProcess(output, error);
var app = new CommandApp();
app.Configure(config =>
{
    HubCli.Configure(config, terminal, "./hub bench", args);
    config
        .AddCommand<PipelineBench>("pipeline")
        .WithDescription(
            "Posts encounters to the running hub, receives the alerts' webhooks, verifies and counts both."
        );
    config
        .AddCommand<DeliveriesBench>("deliveries")
        .WithDescription("50 endpoints of one council, then 10 of them hanging: what the others wait.");
    config
        .AddCommand<ColdBench>("cold")
        .WithDescription("Each service started again, then the first encounters: what they wait for.");
    config
        .AddCommand<PortalBench>("portal")
        .WithDescription("Each page of the portal with a full register and a full duty desk: how long, how much.");
    config
        .AddCommand<LinkageBench>("linkage")
        .WithDescription("Matches synthetic children, by stratum, beside simpler ways.");
    config.AddCommand<LookupBench>("lookup").WithDescription("Builds and asks the look-up in memory.");
});
return await app.RunAsync(args);
