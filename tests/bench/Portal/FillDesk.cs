using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.Bench.Hub;
using Safeguarding.Bench.Load;
using Safeguarding.Demo.People;

namespace Safeguarding.Bench.Portal;

/// <summary>
/// Posts encounters of one council's children, as its made-up trust does, until so many alerts are open on its duty
/// desk, and of other people under their numbers, until there are reviews.
/// </summary>
internal sealed class FillDesk(HubClient council, HubClient trust)
{
    private const int AtOnce = 32;

    // So that an endpoint that was just made has deliveries to show, and the review desk a second page.
    private const int Fewest = 100;
    private const int Reviews = 60;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly string _run = Guid.CreateVersion7().ToString("N");

    /// <returns>How many alerts are open.</returns>
    public async Task<int> FillAsync(int[] children, int alerts, CancellationToken cancellationToken)
    {
        await PutSiteAsync(cancellationToken);
        await trust.TokenAsync(cancellationToken);
        // A child with an open alert gets no second one: those who were posted before are passed over.
        var open = await CountAsync("/alerts/open/count", cancellationToken);
        var next = open;
        do
        {
            var wanted = Math.Max(alerts - open, Fewest);
            if (next + wanted > children.Length - Reviews)
            {
                throw new BenchFailedException(
                    $"{open} alerts are open, and no more children are left: give more --plans."
                );
            }

            Console.Error.WriteLine($"  {open} alerts are open; posting {wanted} encounters");
            await Parallel.ForAsync(
                next,
                next + wanted,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (i, stopping) => await OneEncounter.PostAsync(trust, $"{_run}-{i}", children[i], stopping)
            );
            next += wanted;
            open = await SettledAsync("/alerts/open/count", open + wanted, cancellationToken);
        } while (open < alerts);

        var questions = await CountAsync("/reviews/figures", cancellationToken);
        if (questions >= Reviews)
            return open;
        for (var i = 0; i < Reviews; i++)
            await AskAboutAsync(children[^(i + 1)], i, cancellationToken);
        await SettledAsync("/reviews/figures", questions + Reviews, cancellationToken);
        return open;
    }

    // Somebody else under the number of a child on a plan.
    private async Task AskAboutAsync(int child, int i, CancellationToken cancellationToken)
    {
        var other = SyntheticPeople.Child(SyntheticPeople.Count - 1 - i) with
        {
            NhsNumber = SyntheticPeople.Child(child).NhsNumber,
        };
        var body = new SyntheticEncounter(
            $"{_run}-other-{i}",
            "RZ1",
            "RZ101",
            TimeProvider.System.GetUtcNow().AddMinutes(-2)
        ).Of(other);
        using var content = new ByteArrayContent(body)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+json") },
        };
        using var answer = await trust.SendAsync(
            HttpMethod.Post,
            new Uri(HubAddresses.EncounterIngest, "/fhir/Encounter"),
            content,
            cancellationToken
        );
        await HubClient.ThrowUnlessFineAsync(answer, cancellationToken);
    }

    private async Task PutSiteAsync(CancellationToken cancellationToken)
    {
        using var site = JsonContent.Create(
            new
            {
                name = "Meadowbank General, Emergency Department",
                setting = "emergencyDepartment",
                phone = "01632 960001",
            }
        );
        using var answer = await trust.SendAsync(
            HttpMethod.Put,
            new Uri(HubAddresses.EncounterIngest, "/organisations/RZ1/sites/RZ101"),
            site,
            cancellationToken
        );
        await HubClient.ThrowUnlessFineAsync(answer, cancellationToken);
    }

    private async Task<int> SettledAsync(string path, int expected, CancellationToken cancellationToken)
    {
        var (open, since) = (-1, Stopwatch.GetTimestamp());
        while (true)
        {
            var now = await CountAsync(path, cancellationToken);
            if (now >= expected)
                return now;
            if (now != open)
                (open, since) = (now, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(since) > Timeout)
                return now;
            await Task.Delay(Look, cancellationToken);
        }
    }

    private async Task<int> CountAsync(string path, CancellationToken cancellationToken)
    {
        var service = path.StartsWith("/alerts", StringComparison.Ordinal)
            ? HubAddresses.Notification
            : HubAddresses.Matching;
        JsonElement counted = await council.GetAsync(new Uri(service, path), cancellationToken);
        return counted.GetProperty("open").GetInt32();
    }
}
