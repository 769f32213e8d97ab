using Safeguarding.Cli;

using var output = Terminal.StandardOutput();
using var error = Terminal.StandardError();
return await HubCli.RunAsync(args, Terminal.OfThisProcess(output, error));
