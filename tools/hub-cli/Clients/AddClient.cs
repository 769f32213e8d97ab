using System.ComponentModel;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Clients;

/// <summary><c>clients add ID</c>: a new client with its public key.</summary>
internal sealed class AddClient(Terminal terminal) : ChangeClients<AddClient.Settings>(terminal)
{
    protected override void Change(ClientsFileOnDisk file, Settings settings) =>
        file.Change(clients =>
        {
            if (ClientsFileOnDisk.Find(clients, settings.Id) is not null)
            {
                throw new RefusedException(
                    $"the id {settings.Id} is taken. A further key: clients rotate {settings.Id} --key FILE"
                );
            }

            clients.Add(
                new JsonObject
                {
                    ["id"] = settings.Id,
                    ["organisation"] = settings.Organisation,
                    ["scopes"] = new JsonArray([
                        .. settings
                            .Scopes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                            .Select(scope => (JsonNode)scope),
                    ]),
                    ["jwks"] = new JsonObject { ["keys"] = new JsonArray([.. settings.ReadKeys(Terminal)]) },
                }
            );
        });

    internal sealed class Settings : KeySettings
    {
        [CommandOption("--organisation <CODE>", isRequired: true)]
        [Description("The ODS code of its trust, the GSS code of its council, or its force code.")]
        public required string Organisation { get; init; }

        [CommandOption("--scopes <A,B>", isRequired: true)]
        [Description("What it may do, with commas.")]
        public required string Scopes { get; init; }
    }
}
