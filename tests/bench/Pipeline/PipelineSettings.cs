using System.ComponentModel;
using System.Text.Json.Serialization;
using Safeguarding.Bench.Peer;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Safeguarding.Bench.Pipeline;

/// <summary>What <c>./hub bench pipeline</c> was asked to do.</summary>
internal sealed class PipelineSettings : CommandSettings
{
    [CommandOption("--encounters <NUMBER>")]
    [Description("How many are posted.")]
    [DefaultValue(20_000)]
    public int Encounters { get; init; }

    [CommandOption("--rate <PER_SECOND>")]
    [Description("Open loop: that many a second, whatever the hub does; without it flat out over --connections.")]
    public double? Rate { get; init; }

    [CommandOption("--connections <NUMBER>")]
    [DefaultValue(64)]
    public int Connections { get; init; }

    [CommandOption("--hits <PER_CENT>")]
    [Description("Per cent of the encounters whose child is on a plan.")]
    [DefaultValue(5.0)]
    public double HitPercent { get; init; }

    [CommandOption("--warmup <SECONDS>")]
    [Description("The same load before counting begins.")]
    [DefaultValue(30)]
    public int WarmUpSeconds { get; init; }

    [CommandOption("--plans <NUMBER>")]
    [Description("Plans that must be registered; loaded through POST /uploads when they are not.")]
    [DefaultValue(150_000)]
    public int Plans { get; init; }

    [CommandOption("--peer [WHICH]")]
    [Description("The same against the pipelines of tests/bench/baseline, in turns: plain, safe or both.")]
    [JsonIgnore]
    public FlagValue<string> Peer { get; init; } = new();

    public IReadOnlyList<PeerKind> Peers => Peer.IsSet ? PeerKinds.Of(Peer.Value ?? "plain") ?? [] : [];

    [CommandOption("--rounds <NUMBER>")]
    [Description("How often each is measured; with --peer the ratios are the rounds' medians.")]
    [DefaultValue(1)]
    public int Rounds { get; init; }

    [CommandOption("--json <FILE>")]
    [Description("Also write the figures to this file.")]
    public string? JsonFile { get; init; }

    public override ValidationResult Validate()
    {
        (string Name, double Value, double Least, double Most)[] numbers =
        [
            ("--encounters", Encounters, 1, 10_000_000),
            ("--rate", Rate ?? 1, 0.1, 100_000),
            ("--connections", Connections, 1, 1_000),
            ("--hits", HitPercent, 0, 100),
            ("--warmup", WarmUpSeconds, 0, 3_600),
            ("--plans", Plans, 3, 2_000_000),
            ("--rounds", Rounds, 1, 20),
        ];
        foreach (var (name, value, least, most) in numbers)
        {
            if (!(value >= least && value <= most))
                return ValidationResult.Error($"{name} must be a number from {least} to {most}.");
        }

        return Peer.IsSet && Peers.Count == 0
            ? ValidationResult.Error("--peer must be plain, safe or both.")
            : ValidationResult.Success();
    }
}
