namespace Safeguarding.Portal.Services;

/// <summary>What one service passed on to the next in the last hour, and what the next does not have yet.</summary>
/// <param name="From">Who passes it on.</param>
/// <param name="To">Who must have it.</param>
/// <param name="What">What is counted.</param>
/// <param name="LastHour">How many were passed on.</param>
/// <param name="Waiting">How many of them the next does not have.</param>
/// <param name="WaitingSince">The minute of the oldest of those.</param>
internal sealed record FlowStep(
    string From,
    string To,
    string What,
    long LastHour,
    long Waiting,
    DateTimeOffset? WaitingSince
);

/// <summary>
/// How events flow, from the accounts by which <c>./hub prove</c> compares what services hold: counts by minute, of the
/// last hour.
/// </summary>
/// <param name="plans">The plan registry.</param>
/// <param name="encounters">Encounter ingest.</param>
/// <param name="matching">Matching.</param>
/// <param name="alerts">The notification service.</param>
/// <param name="clock">The clock.</param>
public sealed class FlowSteps(
    PlanRegistry.Client plans,
    EncounterIngest.Client encounters,
    Matching.Client matching,
    Notification.Client alerts,
    TimeProvider clock
)
{
    private const int Minute = 60;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // What is on its way for a moment does not wait.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    internal async Task<IReadOnlyList<Part<FlowStep>>> ReadAsync(CancellationToken cancellationToken)
    {
        var to = clock.GetUtcNow() - Moment;
        var from = to - Window;
        return await Task.WhenAll(
            Part.OfAsync(
                StepAsync(
                    "encounter-ingest",
                    "matching",
                    "encounters",
                    async of =>
                        (
                            await encounters.AccountCountAsync(from, to, Minute, of, null, null, cancellationToken)
                        ).Accounts.SelectMany(one => one.Buckets.Select(bucket => (bucket.From, bucket.Count))),
                    Matching
                )
            ),
            Part.OfAsync(
                StepAsync(
                    "plan-registry",
                    "matching",
                    "plans",
                    async of =>
                        (
                            await plans.AccountCountAsync(from, to, Minute, of, null, null, cancellationToken)
                        ).Accounts.SelectMany(one => one.Buckets.Select(bucket => (bucket.From, bucket.Count))),
                    Matching
                )
            ),
            Part.OfAsync(
                StepAsync("matching", "notification", "alerts", Matching, async of =>
                    (
                        await alerts.AccountCountAsync(from, to, Minute, of, null, null, cancellationToken)
                    ).Accounts.SelectMany(one => one.Buckets.Select(bucket => (bucket.From, bucket.Count)))
                )
            )
        );

        async Task<IEnumerable<(DateTimeOffset From, long Count)>> Matching(string of) =>
            (await matching.AccountCountAsync(from, to, Minute, of, null, null, cancellationToken)).Accounts.SelectMany(
                one => one.Buckets.Select(bucket => (bucket.From, bucket.Count))
            );
    }

    // The sender first: what it has when it is asked, the next has when it is asked afterwards, or it waits.
    private static async Task<FlowStep> StepAsync(
        string from,
        string to,
        string what,
        Func<string, Task<IEnumerable<(DateTimeOffset From, long Count)>>> sender,
        Func<string, Task<IEnumerable<(DateTimeOffset From, long Count)>>> listener
    )
    {
        var sent = ByMinute(await sender(what));
        var held = ByMinute(await listener(what));
        var waiting = sent.Select(minute => (minute.Key, Count: minute.Value - held.GetValueOrDefault(minute.Key)))
            .Where(minute => minute.Count > 0)
            .OrderBy(minute => minute.Key)
            .ToList();
        return new FlowStep(
            from,
            to,
            what,
            sent.Values.Sum(),
            waiting.Sum(minute => minute.Count),
            waiting is [var oldest, ..] ? oldest.Key : null
        );
    }

    private static Dictionary<DateTimeOffset, long> ByMinute(IEnumerable<(DateTimeOffset From, long Count)> buckets) =>
        buckets.GroupBy(bucket => bucket.From).ToDictionary(same => same.Key, same => same.Sum(bucket => bucket.Count));
}
