using Safeguarding.Identity.Clients;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Clients;

/// <summary>
/// A change to the clients file. It is judged as the running service would judge the whole file, written whole, and
/// followed by every instance within two seconds.
/// </summary>
internal abstract class ChangeClients<TSettings>(Terminal terminal) : Command<TSettings>
    where TSettings : ClientSettings
{
    protected Terminal Terminal { get; } = terminal;

    public override int Execute(CommandContext context, TSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            Change(new ClientsFileOnDisk(Place.Register), settings);
        }
        catch (Exception exception)
            when (exception is RefusedException or BadClientsFileException or IOException or UnauthorizedAccessException
            )
        {
            throw new RefusedException(
                $"REFUSED: {exception.Message}\nNothing was changed.",
                (exception as RefusedException)?.Code ?? ExitCode.NeedsYou
            );
        }

        Terminal.Say($"{settings.Id}: {context.Name} done; in force within two seconds");
        return ExitCode.Well;
    }

    protected abstract void Change(ClientsFileOnDisk file, TSettings settings);
}
