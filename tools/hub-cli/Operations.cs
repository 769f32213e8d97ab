namespace Safeguarding.Cli;

/// <summary>The hub's own client with the scope <c>ops</c>.</summary>
internal static class Operations
{
    public static string ClientId => Place.Setting("HUB_OPERATIONS_CLIENT") ?? "hub-operations";

    public static Task<HubClient> ConnectAsync(HubAddresses hub) => HubClient.ConnectAsync(hub, ClientId);
}
