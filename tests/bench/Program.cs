using System.Runtime.Versioning;
using Safeguarding.Bench.Cold;
using Safeguarding.Bench.Deliveries;
using Safeguarding.Bench.Linkage;
using Safeguarding.Bench.Lookup;
using Safeguarding.Bench.Pipeline;

// CPU and memory by process are read from /proc.
[assembly: SupportedOSPlatform("linux")]

return args switch
{
    ["pipeline", .. var options] => await PipelineBench.RunAsync(options),
    ["deliveries", .. var options] => await DeliveriesBench.RunAsync(options),
    ["cold", .. var options] => await ColdBench.RunAsync(options),
    ["linkage", .. var options] => LinkageBench.Run(options),
    ["lookup", .. var options] => await LookupBench.RunAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        $"""
        ./hub bench NAME …
        {PipelineOptions.Usage}
        {DeliveriesBench.Usage}
        {ColdBench.Usage}
        {LinkageBench.Usage}
        {LookupBench.Usage}
        """
    );
    return 2;
}
