using System.Runtime.Versioning;
using Safeguarding.Cli;
using Safeguarding.MatchFiles;

[assembly: UnsupportedOSPlatform("windows")]

using var output = Terminal.StandardOutput();
using var error = Terminal.StandardError();
return LinkFiles.Run(args, Terminal.OfThisProcess(output, error));
