using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Sessions;

/// <summary><c>sessions [list]</c>: who is signed in. There are no names in it.</summary>
internal sealed class ListSessions(Terminal terminal) : AsyncCommand<ListSessions.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var hub = HubAddresses.FromEnvironment();
        using var operations = await Operations.ConnectAsync(hub);
        List<Row> rows = [];
        for (string? after = ""; after is not null; )
        {
            var page = (await operations.GetAsync(hub.Identity, $"/sessions?{Query(settings, after)}"))
                .Expect("the list", 200)
                .Body!;
            rows.AddRange(page["sessions"]!.AsArray().Select(Of));
            after = (string?)page["next"];
        }

        terminal.List(
            settings.Json,
            [.. rows.OrderByDescending(row => row.UsedAt)],
            "Nobody is signed in.",
            new("id", row => row.Id),
            new("person", row => row.Person),
            new("of", row => row.Organisation),
            new("role", row => row.Role),
            new("at", row => row.Client),
            new("since", row => Clock(row.StartedAt)),
            new("last used", row => Clock(row.UsedAt))
        );
        return ExitCode.Well;
    }

    private static string Query(Settings settings, string after) =>
        string.Join(
            '&',
            new[]
            {
                settings.Organisation is { } code ? $"organisation={Uri.EscapeDataString(code)}" : null,
                after.Length > 0 ? $"after={after}" : null,
            }.OfType<string>()
        );

    private static Row Of(JsonNode? session) =>
        new(
            (string)session!["id"]!,
            (string)session["person"]!,
            (string)session["organisation"]!,
            (string)session["role"]!,
            (string)session["client"]!,
            (DateTimeOffset)session["startedAt"]!,
            (DateTimeOffset)session["usedAt"]!
        );

    private static string Clock(DateTimeOffset at) => at.ToString("u", CultureInfo.InvariantCulture)[11..16];

    internal sealed class Settings : ListingSettings
    {
        [CommandOption("--organisation <CODE>")]
        [Description("Of one organisation.")]
        public string? Organisation { get; init; }
    }

    private sealed record Row(
        string Id,
        string Person,
        string Organisation,
        string Role,
        string Client,
        DateTimeOffset StartedAt,
        DateTimeOffset UsedAt
    );
}
