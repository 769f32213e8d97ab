using System.ComponentModel;
using System.Runtime.InteropServices;
using Safeguarding.Cli;
using Spectre.Console.Cli;

namespace Safeguarding.Demo.Receiver;

/// <summary>
/// <c>receive</c>: the demo's receiver on its own, for a supplier who wants to see what the hub sends, or how it
/// behaves towards an endpoint that does not.
/// </summary>
internal sealed class Receive(Terminal terminal) : AsyncCommand<Receive.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        if ((settings.Secret ?? settings.PublicKey) is null)
        {
            throw RefusedException.Misused(
                "Give --secret whsec_… or --public-key whpk_…, or both, as the subscription shows them."
            );
        }

        var port = settings.Port;
        WebhookReceiver started;
        try
        {
            started = await WebhookReceiver.StartAsync(port, terminal.Say);
        }
        catch (IOException)
        {
            throw new RefusedException($"Port {port} is taken: stop what listens there, or give another with --port.");
        }

        await using var receiver = started;
        receiver.Trust("council", settings.Secret, settings.PublicKey);
        terminal.Say(
            $"""
            Subscribe to http://localhost:{port}/council. Tell it how to behave, from another terminal:
              curl -X PUT http://localhost:{port}/council/behaviour/well     (or fail, hang, slow, gone)
            """
        );
        var stopped = new TaskCompletionSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        }

        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stopped.Task;
        return ExitCode.Well;
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--port <PORT>")]
        [Description("Where to listen.")]
        [DefaultValue(8110)]
        public int Port { get; init; }

        [CommandOption("--secret <SECRET>")]
        [Description("whsec_…, as the subscription shows it.")]
        public string? Secret { get; init; }

        [CommandOption("--public-key <KEY>")]
        [Description("whpk_…, as the subscription shows it.")]
        public string? PublicKey { get; init; }
    }
}
