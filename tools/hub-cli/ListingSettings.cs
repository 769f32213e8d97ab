using System.ComponentModel;
using Spectre.Console.Cli;

namespace Safeguarding.Cli;

internal class ListingSettings : CommandSettings
{
    [CommandOption("--json")]
    [Description("The same for programs: JSON on standard output.")]
    public bool Json { get; init; }
}
