using System.ComponentModel;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Replay;

/// <summary>
/// What is sent again. Without <c>--expect</c> it is the dry run, whose answer says what to type
/// next.
/// </summary>
internal abstract class ReplaySettings : ListingSettings
{
    [CommandOption("--from <TIME>", isRequired: true)]
    [Description("From when: 2026-11-25T06:00Z, or how long ago, as 90m, 6h, 2d.")]
    public required string From { get; init; }

    [CommandOption("--until <TIME>")]
    [Description("Until when. Default: now.")]
    public string? Until { get; init; }

    [CommandOption("--max <N>")]
    [Description("No more than so many.")]
    public int? Max { get; init; }

    [CommandOption("--per-minute <N>")]
    [Description("No faster than this.")]
    public int? PerMinute { get; init; }

    [CommandOption("--expect <N>")]
    [Description("Do it: the count that the dry run has said. Without it nothing is changed.")]
    public int? Expect { get; init; }

    [CommandOption("--reason <WHY>")]
    [Description("Why, for the audit; read by councils. With --expect.")]
    public string? Reason { get; init; }

    /// <exception cref="RefusedException">The window cannot be read, or a reason is missing.</exception>
    public JsonObject Request(DateTimeOffset now)
    {
        if (Expect is not null && string.IsNullOrWhiteSpace(Reason))
            throw RefusedException.Misused("--expect wants --reason \"WHY\" beside it.");
        if (Expect is null && Reason is not null)
            throw RefusedException.Misused("--reason wants --expect N beside it: the count that the dry run says.");
        return new JsonObject
        {
            ["from"] = Moments.Point("--from", From, now),
            ["until"] = Moments.Point("--until", Until ?? "0m", now),
            ["max"] = Max,
            ["perMinute"] = PerMinute,
            ["dryRun"] = true,
        };
    }
}
