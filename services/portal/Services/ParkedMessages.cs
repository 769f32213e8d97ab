namespace Safeguarding.Portal.Services;

/// <summary>A message that a service could not take, as it lists it.</summary>
/// <param name="Service">Which service.</param>
/// <param name="Id">By which it is sent again.</param>
/// <param name="Consumer">What failed.</param>
/// <param name="EventType">Of the message.</param>
/// <param name="Reason">Why; without personal data.</param>
/// <param name="ParkedAt">When.</param>
internal sealed record ParkedMessage(
    string Service,
    Guid Id,
    string Consumer,
    string? EventType,
    string Reason,
    DateTimeOffset ParkedAt
);

/// <summary>The messages that failed, of all services: each has the same routes, and a client of its own.</summary>
/// <param name="plans">The plan registry.</param>
/// <param name="encounters">Encounter ingest.</param>
/// <param name="matching">Matching.</param>
/// <param name="alerts">The notification service.</param>
public sealed class ParkedMessages(
    PlanRegistry.Client plans,
    EncounterIngest.Client encounters,
    Matching.Client matching,
    Notification.Client alerts
)
{
    private const int Most = 100;

    /// <summary>Of each service those that nobody has sent again, at most a hundred.</summary>
    internal async Task<IReadOnlyList<Part<IReadOnlyList<ParkedMessage>>>> ListAsync(
        CancellationToken cancellationToken
    ) =>
        await Task.WhenAll(
            Part.OfAsync(
                OfAsync(plans.ParkedListAsync(Most, replayed: false, cancellationToken: cancellationToken), one =>
                    new("plan-registry", one.Id, one.Consumer, one.EventType, one.Reason, one.ParkedAt)
                )
            ),
            Part.OfAsync(
                OfAsync(encounters.ParkedListAsync(Most, replayed: false, cancellationToken: cancellationToken), one =>
                    new("encounter-ingest", one.Id, one.Consumer, one.EventType, one.Reason, one.ParkedAt)
                )
            ),
            Part.OfAsync(
                OfAsync(matching.ParkedListAsync(Most, replayed: false, cancellationToken: cancellationToken), one =>
                    new("matching", one.Id, one.Consumer, one.EventType, one.Reason, one.ParkedAt)
                )
            ),
            Part.OfAsync(
                OfAsync(alerts.ParkedListAsync(Most, replayed: false, cancellationToken: cancellationToken), one =>
                    new("notification", one.Id, one.Consumer, one.EventType, one.Reason, one.ParkedAt)
                )
            )
        );

    internal Task ReplayAsync(string service, Guid id, string reason, CancellationToken cancellationToken) =>
        service switch
        {
            "plan-registry" => plans.ParkedReplayAsync(
                id,
                new() { Reason = reason },
                cancellationToken: cancellationToken
            ),
            "encounter-ingest" => encounters.ParkedReplayAsync(
                id,
                new() { Reason = reason },
                cancellationToken: cancellationToken
            ),
            "matching" => matching.ParkedReplayAsync(
                id,
                new() { Reason = reason },
                cancellationToken: cancellationToken
            ),
            "notification" => alerts.ParkedReplayAsync(
                id,
                new() { Reason = reason },
                cancellationToken: cancellationToken
            ),
            _ => throw new NotFoundException(),
        };

    private static async Task<IReadOnlyList<ParkedMessage>> OfAsync<T>(
        Task<ICollection<T>> listed,
        Func<T, ParkedMessage> message
    ) => [.. (await listed).Select(message)];
}
