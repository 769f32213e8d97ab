using System.Globalization;
using System.Text.Json.Nodes;
using Safeguarding.Seed.Demo;
using Safeguarding.Seed.Init;

namespace Safeguarding.Seed.Reviewing;

/// <summary>
/// <c>review</c>: a council's open questions as a table, and with <c>--work</c> one after another to be decided. On the routes that any other
/// program would use.
/// </summary>
internal static class WorkReviews
{
    private const string DefaultClient = "northmoor-case-system";

    public static async Task<int> Run(string[] options)
    {
        var arguments = Arguments.Read(options);
        var hub = HubAddresses.FromEnvironment();
        var reviewer = arguments.Value("as") ?? Environment.UserName;
        using var council = await HubClient.ConnectAsync(hub, arguments.Value("client") ?? DefaultClient);
        await ListAsync(council, hub);
        if (!arguments.Has("work"))
            return 0;

        while (true)
        {
            var claim = (await council.SendJsonAsync(HttpMethod.Post, hub.Matching, "/reviews/claim", new { reviewer })).Expect("claim", 201, 204).Body;
            if (claim is null)
            {
                Console.WriteLine("Nothing is left that nobody else has.");
                return 0;
            }

            var review = claim["reviews"]![0]!;
            Show(review);
            if (!await AskAsync(council, hub, review, claim["claimId"]!.GetValue<Guid>(), reviewer))
                return 0;
        }
    }

    private static async Task ListAsync(HubClient council, HubAddresses hub)
    {
        var reviews = (await council.GetAsync(hub.Matching, "/reviews?limit=200")).Expect("list", 200).Body!.AsArray();
        var figures = (await council.GetAsync(hub.Matching, "/reviews/figures")).Expect("figures", 200).Body!;
        Console.WriteLine($"{council.Organisation}: {figures["open"]} open, {figures["claimed"]} claimed, {figures["overdue"]} overdue; decided in 28 days: "
            + $"{figures["sameChild"]} same child, {figures["notThisChild"]} not this child, {figures["cannotTell"]} cannot tell, {figures["undone"]} undone");
        if (reviews.Count == 0)
            return;
        Console.WriteLine($"\n{"due",-17}{"",-9}{"likely",-8}{"plan",-20}{"kind",-18}{"seen at",-30}{"claimed by",-14}");
        foreach (var review in reviews)
        {
            var plan = review!["plans"]![0]!;
            Console.WriteLine($"{Local(review["dueAt"]),-17}{((bool)review["overdue"]! ? "OVERDUE" : ""),-9}{review["posterior"]!.GetValue<double>(),-8:P0}"
                + $"{plan["reference"],-20}{plan["kind"],-18}{review["attendance"]?["site"],-30}{review["claimedBy"],-14}");
        }
    }

    private static void Show(JsonNode review)
    {
        Console.WriteLine();
        foreach (var plan in review["plans"]!.AsArray())
            Console.WriteLine($"Is the patient the child of plan {plan!["reference"]} ({plan["kind"]})?");
        if (review["attendance"] is { } seen)
            Console.WriteLine($"Seen at {seen["site"]}, {seen["trust"]}, {Local(seen["startedAt"] ?? seen["receivedAt"])}. Ask there: {seen["phone"] ?? "no telephone is registered"}");
        Console.WriteLine($"Likely by the rules: {review["posterior"]!.GetValue<double>():P1}. Raised {Local(review["raisedAt"])}, due {Local(review["dueAt"])}.");
        if ((bool)review["secondOpinion"]!)
            Console.WriteLine("A colleague asked for a second opinion.");
        foreach (var person in review["evidence"]!.AsArray())
        {
            Console.WriteLine($"\n  {"trait",-16}{"relation",-12}{"more exactly",-18}{"for (+) or against, in bits",8}");
            foreach (var trait in person!["outcome"]!["evidence"]!["traits"]!.AsArray())
                Console.WriteLine($"  {trait!["trait"],-16}{trait["relation"],-12}{trait["level"],-18}{trait["bits"]!.GetValue<double>().ToString("+0.0;-0.0", CultureInfo.InvariantCulture),8}");
            if (person["outcome"]!["reasons"] is JsonArray { Count: > 0 } reasons)
                Console.WriteLine($"  asked because: {string.Join(", ", reasons)}");
        }
    }

    /// <returns>False to stop.</returns>
    private static async Task<bool> AskAsync(HubClient council, HubAddresses hub, JsonNode review, Guid claimId, string reviewer)
    {
        var path = $"/reviews/{review["reviewId"]}";
        var version = review["version"]!.GetValue<long>();
        while (true)
        {
            Console.Write("\n[s]ame child  [n]ot this child  [c]annot tell  second [o]pinion  [q]uit: ");
            var answer = Console.ReadLine()?.Trim().ToLowerInvariant();
            if (answer is null or "q")
            {
                (await council.SendJsonAsync(HttpMethod.Post, hub.Matching, $"{path}/release", new { claimId })).Expect("release", 204);
                return false;
            }

            if (answer is not ("s" or "n" or "c" or "o"))
                continue;
            var verdict = answer;
            if (answer == "o")
            {
                Console.Write("What do you think yourself? [s]ame [n]ot this [c]annot tell: ");
                verdict = Console.ReadLine()?.Trim().ToLowerInvariant();
            }

            if (verdict is not ("s" or "n" or "c"))
                continue;
            Console.Write("Reason (no names): ");
            var reason = Console.ReadLine();
            var said = verdict switch { "s" => "sameChild", "n" => "notThisChild", _ => "cannotTell" };
            var result = answer == "o"
                ? await council.SendJsonAsync(HttpMethod.Post, hub.Matching, $"{path}/second-opinion", new { version, opinion = said, reason, claimId, reviewer })
                : await council.SendJsonAsync(HttpMethod.Post, hub.Matching, $"{path}/resolve", new { version, verdict = said, reason, claimId, reviewer });
            if (result.Status == 204)
                return true;
            Console.WriteLine($"Not taken: {result.Body?["detail"]}");
            if (result.Status == 409)
                return true;
        }
    }

    private static string Local(JsonNode? time) =>
        time is null ? "" : TimeZoneInfo.ConvertTimeBySystemTimeZoneId(time.GetValue<DateTimeOffset>(), "Europe/London").ToString("ddd d MMM HH:mm", CultureInfo.InvariantCulture);
}
