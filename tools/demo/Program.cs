using System.Runtime.Versioning;
using Safeguarding.Cli;
using Safeguarding.Demo.Receiver;
using Safeguarding.Demo.Story;
using Spectre.Console.Cli;

[assembly: UnsupportedOSPlatform("windows")]

using var output = Terminal.StandardOutput();
using var error = Terminal.StandardError();
var terminal = Terminal.OfThisProcess(output, error);
var app = new CommandApp();
app.Configure(config =>
{
    HubCli.Configure(config, terminal, "Safeguarding.Demo");
    config.AddCommand<RunDemo>("story").WithDescription("Tell the story of the hub against a running one.");
    config
        .AddCommand<Receive>("receive")
        .WithDescription("A verifying webhook receiver that can be made to misbehave.");
});
return await app.RunAsync(args);
