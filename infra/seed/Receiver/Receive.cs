using System.Runtime.InteropServices;
using Safeguarding.Seed.Init;

namespace Safeguarding.Seed.Receiver;

/// <summary><c>receive</c>: the demo's receiver on its own, for a supplier who wants to see what the hub sends, or how it behaves towards an endpoint that does not.</summary>
internal static class Receive
{
    public static async Task<int> Run(string[] options)
    {
        var arguments = Arguments.Read(options);
        if (!int.TryParse(arguments.Value("port") ?? "8110", out var port) || (arguments.Value("secret") ?? arguments.Value("public-key")) is null)
        {
            Console.Error.WriteLine("receive [--port 8110] --secret whsec_… and/or --public-key whpk_…   (both as the subscription shows them)");
            return 2;
        }

        WebhookReceiver started;
        try
        {
            started = await WebhookReceiver.StartAsync(port, Console.WriteLine);
        }
        catch (IOException)
        {
            Console.Error.WriteLine($"Port {port} is taken: stop what listens there, or give another with --port.");
            return 1;
        }

        await using var receiver = started;
        receiver.Trust("council", arguments.Value("secret"), arguments.Value("public-key"));
        Console.WriteLine($"""
            Subscribe to http://localhost:{port}/council. Tell it how to behave, from another terminal:
              curl -X PUT http://localhost:{port}/council/behaviour/well     (or fail, hang, slow, gone)
            """);
        var stopped = new TaskCompletionSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        }

        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stopped.Task;
        return 0;
    }
}
