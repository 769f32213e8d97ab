using System.ComponentModel;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Ods;

/// <summary>
/// <c>ods load FILE</c>: organisations and sites of the NHS, from the file that the Organisation Data Service
/// publishes.
/// </summary>
internal sealed class LoadOds(Terminal terminal) : AsyncCommand<LoadOds.Settings>
{
    private const string FullFile = "fullfile.zip";
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        await using var file = Open(settings.File);
        var hub = HubAddresses.FromEnvironment();
        using var operations = await Operations.ConnectAsync(hub);
        using var http = operations.At(hub.EncounterIngest);
        http.Timeout = Timeout;
        using var content = new StreamContent(file);
        content.Headers.ContentType = new("application/xml");
        using var answer = await terminal.WithProgressAsync("loading", _ =>
            http.PostAsync(new Uri("/ops/ods", UriKind.Relative), content, cancellationToken)
        );
        var body = await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
        if ((int)answer.StatusCode is >= 400 and < 500)
            throw new RefusedException($"REFUSED: {body!["detail"]}\n{string.Join('\n', Errors(body))}".TrimEnd());
        var loaded = new Answer((int)answer.StatusCode, null, body).Expect("the load", 200).Body!;
        if (settings.Json)
        {
            terminal.ShowJson(loaded);
            return ExitCode.Well;
        }

        terminal.List(
            json: false,
            loaded["kinds"]!.AsArray().Select(row => new Row((string)row!["kind"]!, (long)row["count"]!)).ToList(),
            "",
            new("kind", row => row.Kind),
            new("held", row => row.Count.ToString("n0", CultureInfo.InvariantCulture), Right: true)
        );
        terminal.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"ODS of {(string?)loaded["publishedOn"] ?? "a day that the file does not say"}: {(long)loaded["kept"]!:n0} of {(long)loaded["records"]!:n0} records kept; {(long)loaded["added"]!:n0} new, {(long)loaded["changed"]!:n0} changed, {(long)loaded["removed"]!:n0} removed"
            )
        );
        return ExitCode.Well;
    }

    private static IEnumerable<string> Errors(JsonNode problem) =>
        (problem["errors"]?.AsArray() ?? []).Select(error => $"  {error!["field"]}: {error["message"]}");

    private static Stream Open(string path)
    {
        if (!File.Exists(path))
            throw RefusedException.Misused($"There is no file {path}.");
        var file = File.OpenRead(path);
        try
        {
            return path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? Unpacked(file, path) : file;
        }
        catch (InvalidDataException)
        {
            throw RefusedException.Misused($"{path} is no zip file, or is not all of it.");
        }
    }

    // As it is downloaded: the full file is in a zip file of its own, beside the one of what closed long ago.
    private static Stream Unpacked(Stream zip, string path)
    {
        var entries = new ZipArchive(zip).Entries;
        if (
            entries.FirstOrDefault(entry => entry.Name.Equals(FullFile, StringComparison.OrdinalIgnoreCase)) is { } full
        )
        {
            var inner = new MemoryStream();
            using (var packed = full.Open())
                packed.CopyTo(inner);
            inner.Position = 0;
            return Unpacked(inner, path);
        }

        return
            entries.Where(entry => entry.Name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)).ToList()
                is [var only]
            ? only.Open()
            : throw RefusedException.Misused($"{path} has neither {FullFile} nor one XML file in it.");
    }

    internal sealed class Settings : ListingSettings
    {
        [CommandArgument(0, "<FILE>")]
        [Description("HSCOrgRefData_Full as XML, or the zip file that it comes in.")]
        public required string File { get; init; }
    }

    private sealed record Row(string Kind, long Count);
}
