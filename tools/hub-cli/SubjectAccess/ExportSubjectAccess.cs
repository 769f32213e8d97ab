using System.ComponentModel;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Contracts;
using Safeguarding.Hosting.SubjectAccess;
using Safeguarding.Messaging;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.SubjectAccess;

/// <summary>
/// <c>subject-access [PERSON]</c>: what a council holds of one person, of all services, with what is withheld. Asked
/// with a person's token, since no system may. The number comes from a file or standard input: a command line is kept.
/// </summary>
internal sealed class ExportSubjectAccess(Terminal terminal) : AsyncCommand<ExportSubjectAccess.Settings>
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Indented = new(HubJson.Options) { WriteIndented = true };

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var number = settings.Person is null ? null : NumberIn(settings.Person);
        var releases = settings.Releases is null ? [] : ReleasesIn(settings.Releases);
        if (File.Exists(settings.Out))
            throw RefusedException.Misused($"{settings.Out} is there already.");
        using var http = new HttpClient { Timeout = CallTimeout };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Read(settings.Token).Trim());

        var hub = HubAddresses.FromEnvironment();
        var export = await SubjectAccessExport.GatherAsync(number, settings.Plan, releases, (service, body) =>
            AskAsync(http, hub.Get(service), service, body, cancellationToken)
        );
        if (export is null)
            return ExitCode.NotRunning;

        if (settings.Out is { } file)
            await WriteAsync(file, export, cancellationToken);
        else if (settings.Json)
            terminal.Say(JsonSerializer.Serialize(export, Indented));
        else
            Show(export);
        terminal.Warn(
            $"{export.Withheld.Count} items are withheld"
                + (export.Withheld.Count == 0 ? "." : "; --releases shows those that you name, with a reason.")
        );
        if (export.Missing is [])
            return ExitCode.Well;
        terminal.Warn($"Not complete: {string.Join(" and ", export.Missing)} did not answer.");
        return ExitCode.NeedsYou;
    }

    private async Task<SubjectAccessDocument?> AskAsync(
        HttpClient http,
        Uri service,
        string name,
        object body,
        CancellationToken cancellationToken
    )
    {
        HttpResponseMessage answer;
        try
        {
            answer = await http.PostAsJsonAsync(
                new Uri(service, "/subject-access"),
                body,
                HubJson.Options,
                cancellationToken
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            terminal.Warn($"{name}: {exception.Message}");
            return null;
        }

        using (answer)
        {
            if (answer.IsSuccessStatusCode)
            {
                return await answer.Content.ReadFromJsonAsync<SubjectAccessDocument>(
                    HubJson.Options,
                    cancellationToken
                );
            }

            if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            {
                terminal.Warn($"{name} answered {(int)answer.StatusCode}.");
                return null;
            }

            throw new RefusedException(
                answer.StatusCode switch
                {
                    HttpStatusCode.Unauthorized =>
                        "The token is not accepted. It lives for 5 minutes: take a new one from your application.",
                    HttpStatusCode.Forbidden =>
                        "The token may not do this: take that of a council's safeguarding lead or privacy officer.",
                    HttpStatusCode.NotFound => "Your council has no plan with this reference.",
                    _ => $"{name}: {await WordsOfAsync(answer, cancellationToken)}",
                }
            );
        }
    }

    // The field and what is wrong with it; never what was sent.
    private static async Task<string> WordsOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        var errors = (problem?["errors"]?.AsArray() ?? []).Select(error =>
            $"\n  {error!["field"]}: {error["message"]}"
        );
        return $"{problem?["detail"]}{string.Concat(errors)}";
    }

    private static string NumberIn(string file) =>
        NhsNumber.TryParse(Read(file).Trim(), out var number)
            ? number.Reveal()
            : throw RefusedException.Misused($"{file} does not hold an NHS number: ten digits in one line.");

    private static SubjectRelease[] ReleasesIn(string file)
    {
        SubjectRelease?[]? releases;
        try
        {
            releases = JsonSerializer.Deserialize<SubjectRelease?[]>(Read(file), HubJson.Options);
        }
        catch (JsonException)
        {
            releases = null;
        }

        if (releases is null)
            throw RefusedException.Misused($"{file} must be a list: [{{\"item\": \"…\", \"reason\": \"…\"}}].");
        foreach (var (i, release) in releases.Index())
        {
            if (
                SubjectAccessExport.ServiceOf(release?.Item ?? "") is null
                || string.IsNullOrWhiteSpace(release?.Reason)
            )
            {
                throw RefusedException.Misused(
                    $"{file}: release {i + 1} must have an item, as the export names it, and a reason."
                );
            }
        }

        return releases!;
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RefusedException.Misused($"{file} cannot be read.");
        }
    }

    // For the eyes of whoever answers the person alone.
    private async Task WriteAsync(string file, SubjectAccessExport export, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var stream = new FileStream(file, options);
        await JsonSerializer.SerializeAsync(stream, export, Indented, cancellationToken);
        terminal.Say(file);
    }

    private void Show(SubjectAccessExport export)
    {
        foreach (var part in export.Parts)
        {
            terminal.Say($"{part.Service}: {part.Records.Count} records of {export.Organisation}");
            foreach (var record in part.Records)
            {
                terminal.Show(
                    Terminal.TableOf(
                        record.Items,
                        new(record.Kind, item => item.Name),
                        new("held", item => item.Value ?? $"withheld ({item.Withheld})"),
                        new("to release", item => item.Withheld is null or Withheld.Restricted ? null : item.Item)
                    )
                );
            }

            foreach (var elsewhere in part.HeldElsewhere)
                terminal.Say($"  not in it: {elsewhere}");
            terminal.Say();
        }
    }

    internal sealed class Settings : ListingSettings
    {
        [CommandArgument(0, "[PERSON]")]
        [Description("A file that holds the NHS number, in one line; - is standard input")]
        public string? Person { get; init; }

        [CommandOption("--plan <REFERENCE>")]
        [Description("Instead of a number: your reference of a plan of the person.")]
        public string? Plan { get; init; }

        [CommandOption("--token <FILE>", isRequired: true)]
        [Description("A file that holds the access token of a safeguarding lead or privacy officer.")]
        public required string Token { get; init; }

        [CommandOption("--releases <FILE>")]
        [Description("What to show of what is withheld: a JSON list of objects, each with item and reason.")]
        public string? Releases { get; init; }

        [CommandOption("--out <FILE>")]
        [Description("Write the export there, as JSON that you alone can read.")]
        public string? Out { get; init; }

        public override ValidationResult Validate() =>
            Person is null == Plan is null
                ? ValidationResult.Error("Give a file with the NHS number, or --plan with a reference.")
                : ValidationResult.Success();
    }
}
