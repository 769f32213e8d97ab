using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Keys;

namespace Safeguarding.Identity;

/// <summary>
/// Reads clients and keys at start, which stops a start with a bad file, and again whenever they change.
/// Polls contents: change notices do not cross container mounts.
/// </summary>
internal sealed class FollowFiles(ClientRegister clients, SigningKeys keys, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        clients.Load();
        keys.Load();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            clients.Reload();
            keys.Reload();
        }
    }
}
