using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Safeguarding.Hosting;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Review;

/// <summary>
/// <c>review</c>: a council's open questions as a table, and with <c>--work</c> one after another to be decided. On the
/// routes that any other program would use.
/// </summary>
internal sealed class WorkReviews(Terminal terminal) : AsyncCommand<WorkReviews.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        if (settings is { Json: true, Work: true })
            throw RefusedException.Misused("--json lists and --work decides: one of them.");
        var hub = HubAddresses.FromEnvironment();
        var reviewer = settings.As ?? Environment.UserName;
        using var council = await HubClient.ConnectAsync(hub, settings.Client);
        await ListAsync(council, hub, settings.Json);
        return settings.Work ? await WorkAsync(council, hub, reviewer) : ExitCode.Well;
    }

    private async Task<int> WorkAsync(HubClient council, HubAddresses hub, string reviewer)
    {
        while (true)
        {
            var claim = (await council.SendJsonAsync(HttpMethod.Post, hub.Matching, "/reviews/claim", new { reviewer }))
                .Expect("claim", 201, 204)
                .Body;
            if (claim is null)
            {
                terminal.Say("Nothing is left that nobody else has.");
                return 0;
            }

            var review = claim["reviews"]![0]!;
            Show(review);
            if (!await AskAsync(council, hub, review, claim["claimId"]!.GetValue<Guid>(), reviewer))
                return 0;
        }
    }

    private async Task ListAsync(HubClient council, HubAddresses hub, bool json)
    {
        var reviews = (await council.GetAsync(hub.Matching, "/reviews?limit=200")).Expect("list", 200).Body!.AsArray();
        if (json)
        {
            terminal.ShowJson(reviews);
            return;
        }

        var figures = (await council.GetAsync(hub.Matching, "/reviews/figures")).Expect("figures", 200).Body!;
        terminal.Say(
            $"{council.Organisation}: {figures["open"]} open, {figures["claimed"]} claimed, {figures["overdue"]} overdue"
        );
        terminal.Say(
            $"decided in 28 days: {figures["sameChild"]} same child, {figures["notThisChild"]} not this child, "
                + $"{figures["cannotTell"]} cannot tell, {figures["undone"]} undone"
        );
        if (reviews.Count == 0)
            return;
        terminal.Show(
            Terminal.TableOf(
                reviews,
                new(
                    "due",
                    review => Local(review!["dueAt"]),
                    Style: review => (bool)review!["overdue"]! ? "bold red" : null
                ),
                new(
                    "likely",
                    review => review!["posterior"] is { } likely ? Percent(likely.GetValue<double>()) : "not shown",
                    Right: true
                ),
                new("plan", review => (string?)review!["plans"]![0]!["reference"]),
                new("kind", review => (string?)review!["plans"]![0]!["kind"]),
                new("seen at", review => (string?)review!["attendance"]?["site"]),
                new("claimed by", review => (string?)review!["claimedBy"])
            )
        );
    }

    private void Show(JsonNode review)
    {
        terminal.Say();
        foreach (var plan in review["plans"]!.AsArray())
        {
            terminal.Say(
                $"Is the patient{Aged(review["attendance"])} the child of plan {plan!["reference"]} ({plan["kind"]}){Aged(plan)}?"
            );
        }

        foreach (var seen in review["attendances"]!.AsArray().OfType<JsonNode>())
        {
            terminal.Say(
                $"Seen at {seen["site"]}, {seen["trust"]}, {Local(seen["startedAt"] ?? seen["receivedAt"])}. Ask there: {seen["phone"] ?? "no telephone is registered"}"
                    + (seen["reference"] is { } reference ? $", and quote {reference}." : ".")
            );
        }

        terminal.Say($"Raised {Local(review["raisedAt"])}, due {Local(review["dueAt"])}.");
        if ((bool)review["secondOpinion"]!)
            terminal.Say("A colleague asked for a second opinion.");
        foreach (var person in review["inWords"]!.AsArray())
        {
            terminal.Say();
            foreach (var line in person!.AsArray())
                terminal.Say($"  {line}");
        }
    }

    /// <returns>False to stop.</returns>
    private async Task<bool> AskAsync(
        HubClient council,
        HubAddresses hub,
        JsonNode review,
        Guid claimId,
        string reviewer
    )
    {
        var path = $"/reviews/{review["reviewId"]}";
        var version = review["version"]!.GetValue<long>();
        while (true)
        {
            terminal.Writer.Write("\n[s]ame child  [n]ot this child  [c]annot tell  second [o]pinion  [q]uit: ");
            var answer = terminal.Input.ReadLine()?.Trim().ToLowerInvariant();
            if (answer is null or "q")
            {
                (await council.SendJsonAsync(HttpMethod.Post, hub.Matching, $"{path}/release", new { claimId })).Expect(
                    "release",
                    204
                );
                return false;
            }

            if (answer is not ("s" or "n" or "c" or "o"))
                continue;
            var verdict = answer;
            if (answer == "o")
            {
                terminal.Writer.Write("What do you think yourself? [s]ame [n]ot this [c]annot tell: ");
                verdict = terminal.Input.ReadLine()?.Trim().ToLowerInvariant();
            }

            if (verdict is not ("s" or "n" or "c"))
                continue;
            terminal.Writer.Write("Reason (no names): ");
            var reason = terminal.Input.ReadLine();
            var said = verdict switch
            {
                "s" => "sameChild",
                "n" => "notThisChild",
                _ => "cannotTell",
            };
            var result =
                answer == "o"
                    ? await council.SendJsonAsync(
                        HttpMethod.Post,
                        hub.Matching,
                        $"{path}/second-opinion",
                        new
                        {
                            version,
                            opinion = said,
                            reason,
                            claimId,
                            reviewer,
                        }
                    )
                    : await council.SendJsonAsync(
                        HttpMethod.Post,
                        hub.Matching,
                        $"{path}/resolve",
                        new
                        {
                            version,
                            verdict = said,
                            reason,
                            claimId,
                            reviewer,
                        }
                    );
            if (result.Status is 200 or 204)
            {
                if (result.Body?["next"] is { } next)
                    terminal.Say((string)next!);
                return true;
            }

            terminal.Say($"Not taken: {result.Body?["detail"]}");
            if (result.Status == 409)
                return true;
        }
    }

    private static string Aged(JsonNode? who) => who?["age"] is { } age ? $", aged {age}," : "";

    // Cut, not rounded: 99.66 is not 100.
    private static string Percent(double probability) =>
        (Math.Floor(probability * 1000) / 10).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Local(JsonNode? time) =>
        time is null
            ? ""
            : UkTime.Local(time.GetValue<DateTimeOffset>()).ToString("ddd d MMM HH:mm", CultureInfo.InvariantCulture);

    internal sealed class Settings : ListingSettings
    {
        [CommandOption("--work")]
        [Description("Decide them one by one.")]
        public bool Work { get; init; }

        [CommandOption("--client <ID>")]
        [Description("As which of a council's clients; secret lists them.")]
        [DefaultValue("northmoor-case-system")]
        public required string Client { get; init; }

        [CommandOption("--as <NAME>")]
        [Description("Who decides. Default: your user name.")]
        public string? As { get; init; }
    }
}
