using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Clients;

/// <summary><c>clients rotate ID</c>: a further key; the former ones end after the overlap.</summary>
internal sealed class RotateClient(Terminal terminal) : ChangeClients<RotateClient.Settings>(terminal)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    protected override void Change(ClientsFileOnDisk file, Settings settings) =>
        file.Change(clients =>
        {
            var client = ClientsFileOnDisk.Known(clients, settings.Id);
            if (client["jwks"]?["keys"] is not JsonArray keys)
                throw new RefusedException($"{settings.Id} has a secret and no keys: nothing to rotate.");
            var now = Terminal.Clock.GetUtcNow();
            var until = now + Moments.Span("--overlap", settings.Overlap, Longest);
            var added = settings.ReadKeys(Terminal);
            // What has ended is gone for good, so that the file does not grow.
            foreach (var ended in keys.Where(key => ClientsFileOnDisk.Until(key) <= now).ToList())
                keys.Remove(ended);
            foreach (var former in keys)
            {
                if (ClientsFileOnDisk.Until(former) is not { } earlier || earlier > until)
                    former!["until"] = until.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            }

            added.ForEach(keys.Add);
        });

    internal sealed class Settings : KeySettings
    {
        [CommandOption("--overlap <SPAN>")]
        [Description("How long the former keys still count: 30m, 12h, 7d; 0d ends them at once.")]
        [DefaultValue("7d")]
        public required string Overlap { get; init; }
    }
}
