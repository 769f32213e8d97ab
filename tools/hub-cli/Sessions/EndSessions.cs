using System.ComponentModel;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Sessions;

/// <summary><c>sessions end ID</c>, or <c>--person</c> for all of one person.</summary>
internal sealed class EndSessions(Terminal terminal) : AsyncCommand<EndSessions.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var hub = HubAddresses.FromEnvironment();
        using var operations = await Operations.ConnectAsync(hub);
        var ended = 1;
        if (settings.Id is { } id)
        {
            (
                await operations.SendJsonAsync(
                    HttpMethod.Post,
                    hub.Identity,
                    $"/sessions/{id}/end",
                    new { reason = settings.Reason }
                )
            ).Expect("ending", 204);
        }
        else
        {
            ended = (int)
                (
                    await operations.SendJsonAsync(
                        HttpMethod.Post,
                        hub.Identity,
                        "/sessions/end",
                        new { person = settings.Person, reason = settings.Reason }
                    )
                )
                    .Expect("ending", 200)
                    .Body!["ended"]!;
        }

        terminal.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"ended: {ended}. Every service refuses its tokens within a minute; the person can sign in again."
            )
        );
        return ExitCode.Well;
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "[ID]")]
        [Description("Which session; sessions list shows them.")]
        public Guid? Id { get; init; }

        [CommandOption("--person <PERSON>")]
        [Description("Instead of an id: all sessions of one person, as the list names them.")]
        public string? Person { get; init; }

        [CommandOption("--reason <WHY>", isRequired: true)]
        [Description("Why. Kept sealed in the audit.")]
        public required string Reason { get; init; }

        public override ValidationResult Validate() =>
            Id is null == Person is null
                ? ValidationResult.Error("Give the id of a session, or --person for all of one person.")
                : ValidationResult.Success();
    }
}
