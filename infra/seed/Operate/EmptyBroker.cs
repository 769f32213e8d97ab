using Safeguarding.Seed.Init;

namespace Safeguarding.Seed.Operate;

/// <summary>
/// <c>empty-broker --from DIR</c>: forgets every message, queue and binding, before the services start on a restored database. What the broker still
/// holds is of a later state than they are; what they have not heard confirmed, their outboxes send again.
/// </summary>
internal static class EmptyBroker
{
    public static async Task<int> Run(string[] options)
    {
        var secrets = new SecretFolder(Arguments.Read(options).Required("from"), UnixFileMode.UserRead);
        using var management = Broker.Management(secrets);
        if (management is null)
        {
            Console.Error.WriteLine("the broker cannot be emptied: HUB_RABBITMQ_MANAGEMENT is not set");
            return 1;
        }

        using var answer = await management.DeleteAsync($"/api/vhosts/{BrokerDefinitions.VirtualHost}");
        if (answer.StatusCode is not System.Net.HttpStatusCode.NotFound) answer.EnsureSuccessStatusCode();
        Console.WriteLine("the broker's messages are forgotten; the outboxes hold what is not yet confirmed");
        return 0;
    }
}
