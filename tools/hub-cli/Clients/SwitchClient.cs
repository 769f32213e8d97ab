namespace Safeguarding.Cli.Clients;

/// <summary><c>clients disable ID</c>: no further token; those it holds end within ten minutes.</summary>
internal sealed class DisableClient(Terminal terminal) : ChangeClients<ClientSettings>(terminal)
{
    protected override void Change(ClientsFileOnDisk file, ClientSettings settings) =>
        SwitchClient.To(file, settings.Id, disabled: true);
}

/// <summary><c>clients enable ID</c>.</summary>
internal sealed class EnableClient(Terminal terminal) : ChangeClients<ClientSettings>(terminal)
{
    protected override void Change(ClientsFileOnDisk file, ClientSettings settings) =>
        SwitchClient.To(file, settings.Id, disabled: false);
}

internal static class SwitchClient
{
    public static void To(ClientsFileOnDisk file, string id, bool disabled) =>
        file.Change(clients =>
        {
            var client = ClientsFileOnDisk.Known(clients, id);
            if (((bool?)client["disabled"] ?? false) == disabled)
                throw new RefusedException($"{id} is {(disabled ? "disabled" : "not disabled")} already.");
            if (disabled)
                client["disabled"] = true;
            else
                client.Remove("disabled");
        });
}
