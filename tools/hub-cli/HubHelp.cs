using Spectre.Console;
using Spectre.Console.Cli;
using Spectre.Console.Cli.Help;
using Spectre.Console.Rendering;

namespace Safeguarding.Cli;

/// <summary>Help that ends with the exit codes of the verb, which its users put into scripts.</summary>
/// <param name="settings">Spectre's.</param>
/// <param name="codes">Those of a program of its own.</param>
internal sealed class HubHelp(ICommandAppSettings settings, IReadOnlyList<string>? codes = null)
    : HelpProvider(settings)
{
    public override IEnumerable<IRenderable> GetFooter(ICommandModel model, ICommandInfo? command) =>
        [
            new Text(
                $"\nEXIT CODES:\n{string.Join('\n', (codes ?? Codes(command?.Name)).Select(code => $"    {code}"))}\n"
            ),
        ];

    private static IReadOnlyList<string> Codes(string? verb) =>
        [
            verb switch
            {
                "prove" => "0  Complete",
                "verify" => "0  Complete, and the chains are those of the roots",
                "status" => "0  All is well",
                "check-ids" => "0  The hub has every id",
                _ => "0  Done",
            },
            verb switch
            {
                "prove" => "1  Records are missing",
                "verify" => "1  Something was changed, deleted or rewritten",
                "status" => "1  Something needs you",
                "check-ids" => "1  The hub lacks an id",
                _ => "1  Not done",
            },
            "2  Invalid arguments, nothing changed",
            "3  The hub is not running",
            .. verb is "prove" or "verify" ? ["4  Could not check"] : Array.Empty<string>(),
        ];
}
