using System.ComponentModel;
using System.Text.Json.Nodes;
using Safeguarding.Hosting.Organisations;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Clients;

/// <summary><c>clients add ID</c>: a new client with its public key.</summary>
internal sealed class AddClient(Terminal terminal) : ChangeClients<AddClient.Settings>(terminal)
{
    protected override void Change(ClientsFileOnDisk file, Settings settings)
    {
        // A register may still go by an old code, so it is only said.
        if (Councils.WhyNotInUse(settings.Organisation) is { } why)
            Terminal.Warn($"WARNING: {why}");
        file.Change(clients =>
        {
            if (ClientsFileOnDisk.Find(clients, settings.Id) is not null)
            {
                throw new RefusedException(
                    $"the id {settings.Id} is taken. A further key: clients rotate {settings.Id} --key FILE"
                );
            }

            var client = new JsonObject { ["id"] = settings.Id, ["organisation"] = settings.Organisation };
            Write("scopes", settings.Scopes);
            Write("redirectUris", settings.RedirectUris);
            Write("postLogoutRedirectUris", settings.PostLogoutRedirectUris);
            if (settings.TokenErrors is { } errors)
                client["tokenErrors"] = errors;
            client["jwks"] = new JsonObject { ["keys"] = new JsonArray([.. settings.ReadKeys(Terminal)]) };
            clients.Add(client);

            void Write(string name, string? list)
            {
                if (list is null)
                    return;
                client[name] = new JsonArray([
                    .. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                        .Select(one => (JsonNode)one),
                ]);
            }
        });
    }

    internal sealed class Settings : KeySettings
    {
        [CommandOption("--organisation <CODE>", isRequired: true)]
        [Description("The ODS code of its trust, the GSS code of its council, or its force code.")]
        public required string Organisation { get; init; }

        [CommandOption("--scopes <A,B>")]
        [Description("What a system may do, with commas.")]
        public string? Scopes { get; init; }

        [CommandOption("--redirect-uris <A,B>")]
        [Description("Instead of scopes, of an application that people sign in to: where they come back.")]
        public string? RedirectUris { get; init; }

        [CommandOption("--post-logout-redirect-uris <A,B>")]
        [Description("Where people come who have signed out of the application.")]
        public string? PostLogoutRedirectUris { get; init; }

        [CommandOption("--token-errors <SHAPE>")]
        [Description("nhs: errors of the token endpoint as NHS England's. Default: rfc6749.")]
        public string? TokenErrors { get; init; }

        public override ValidationResult Validate() =>
            Scopes is null == RedirectUris is null
                ? ValidationResult.Error("Give --scopes for a system, or --redirect-uris for an application.")
                : base.Validate();
    }
}
