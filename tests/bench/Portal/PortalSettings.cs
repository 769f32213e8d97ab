using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Safeguarding.Bench.Portal;

/// <summary>What <c>./hub bench portal</c> was asked to do.</summary>
internal sealed class PortalSettings : CommandSettings
{
    [CommandOption("--plans <NUMBER>")]
    [Description("Plans that must be registered; loaded through POST /uploads when they are not.")]
    [DefaultValue(150_000)]
    public int Plans { get; init; }

    [CommandOption("--alerts <NUMBER>")]
    [Description("Alerts that must be open on one council's duty desk; encounters are posted until they are.")]
    [DefaultValue(10_000)]
    public int Alerts { get; init; }

    [CommandOption("--rounds <NUMBER>")]
    [Description("How often each page is asked for.")]
    [DefaultValue(100)]
    public int Rounds { get; init; }

    [CommandOption("--json <FILE>")]
    [Description("Also write the figures to this file.")]
    public string? JsonFile { get; init; }

    public override ValidationResult Validate()
    {
        (string Name, int Value, int Least, int Most)[] numbers =
        [
            ("--plans", Plans, 3_000, 2_000_000),
            ("--alerts", Alerts, 1, Plans / 6),
            ("--rounds", Rounds, 1, 10_000),
        ];
        foreach (var (name, value, least, most) in numbers)
        {
            if (value < least || value > most)
                return ValidationResult.Error($"{name} must be a number from {least} to {most}.");
        }

        return ValidationResult.Success();
    }
}
