using System.Runtime.Versioning;
using Safeguarding.Bench.Pipeline;

// CPU and memory by process are read from /proc.
[assembly: SupportedOSPlatform("linux")]

return args switch
{
    ["pipeline", .. var options] => await PipelineBench.RunAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine($"""
        ./hub bench NAME …
        {PipelineOptions.Usage}
        """);
    return 2;
}
