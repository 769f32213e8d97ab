using System.Globalization;

namespace Safeguarding.Bench.Pipeline;

/// <summary>What <c>./hub bench pipeline</c> was asked to do.</summary>
internal sealed record PipelineOptions
{
    public const string Usage = """
          pipeline [--encounters 20000] [--rate PER_SECOND | --connections 64] [--hits 5] [--warmup 30] [--plans 150000] [--peer] [--rounds 1] [--json FILE]
              posts encounters to the running hub, receives the alerts' webhooks, verifies and counts both
              --rate        open loop: that many a second, whatever the hub does; without it flat out over --connections
              --hits        per cent of the encounters whose child is on a plan
              --warmup      seconds of the same load before counting begins
              --plans       plans that must be registered; loaded through POST /uploads when they are not
              --peer        the same against the plain EF Core + MassTransit pipeline of tests/bench/baseline, in turns
              --rounds      how often each is measured; with --peer the ratio is the rounds' median
              --json        also write the figures to this file
        """;

    public int Encounters { get; init; } = 20_000;
    public double? Rate { get; init; }
    public int Connections { get; init; } = 64;
    public double HitPercent { get; init; } = 5;
    public int WarmUpSeconds { get; init; } = 30;
    public int Plans { get; init; } = 150_000;
    public bool Peer { get; init; }
    public int Rounds { get; init; } = 1;
    public string? JsonFile { get; init; }

    /// <exception cref="ArgumentException">An option is unknown or its value cannot be used.</exception>
    public static PipelineOptions Read(string[] arguments)
    {
        var options = new PipelineOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--encounters" => options with { Encounters = (int)Number(1, 10_000_000) },
                "--rate" => options with { Rate = Number(0.1, 100_000) },
                "--connections" => options with { Connections = (int)Number(1, 1_000) },
                "--hits" => options with { HitPercent = Number(0, 100) },
                "--warmup" => options with { WarmUpSeconds = (int)Number(0, 3_600) },
                "--plans" => options with { Plans = (int)Number(3, 2_000_000) },
                "--peer" => options with { Peer = true },
                "--rounds" => options with { Rounds = (int)Number(1, 20) },
                "--json" => options with { JsonFile = Value() },
                _ => throw new ArgumentException($"{arguments[i]} is not an option of pipeline"),
            };

            string Value() =>
                ++i < arguments.Length
                    ? arguments[i]
                    : throw new ArgumentException($"{arguments[i - 1]} needs a value");

            double Number(double least, double most)
            {
                var name = arguments[i];
                return
                    double.TryParse(Value(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && number >= least
                    && number <= most
                    ? number
                    : throw new ArgumentException($"{name} must be a number from {least} to {most}");
            }
        }

        return options;
    }
}
