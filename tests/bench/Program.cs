using System.Runtime.Versioning;
using Safeguarding.Bench.Linkage;
using Safeguarding.Bench.Pipeline;

// CPU and memory by process are read from /proc.
[assembly: SupportedOSPlatform("linux")]

return args switch
{
    ["pipeline", .. var options] => await PipelineBench.RunAsync(options),
    ["linkage", .. var options] => LinkageBench.Run(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine($"""
        ./hub bench NAME …
        {PipelineOptions.Usage}
        {LinkageBench.Usage}
        """);
    return 2;
}
