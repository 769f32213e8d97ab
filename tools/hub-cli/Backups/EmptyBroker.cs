using System.Net;
using Safeguarding.Cli.Setup;

namespace Safeguarding.Cli.Backups;

/// <summary>
/// Deletes every message, queue and binding, before the services start on a restored database. What the broker still
/// holds is of a later state than they are; what they have not received a confirmation of, their outboxes send again.
/// </summary>
internal static class EmptyBroker
{
    public static async Task RunAsync(SecretFolder secrets, Action<string> say)
    {
        using var management = Broker.Management(secrets)
            ?? throw new RefusedException("The broker cannot be emptied: HUB_RABBITMQ_MANAGEMENT is not set.");
        using var answer = await management.DeleteAsync($"/api/vhosts/{BrokerDefinitions.VirtualHost}");
        if (answer.StatusCode is not HttpStatusCode.NotFound)
            answer.EnsureSuccessStatusCode();
        say("Queues emptied; unconfirmed events are still in the outboxes");
    }
}
