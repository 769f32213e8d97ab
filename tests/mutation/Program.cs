using System.Runtime.Versioning;
using Safeguarding.Cli;
using Safeguarding.Mutation;
using Spectre.Console.Cli;

[assembly: UnsupportedOSPlatform("windows")]

using var output = Terminal.StandardOutput();
using var error = Terminal.StandardError();
var terminal = Terminal.OfThisProcess(output, error);
var app = new CommandApp<Mutate>();
app.Configure(config => HubCli.Configure(config, terminal, "./hub mutate", args));
return await app.RunAsync(args);
