using System.Collections.Immutable;
using Safeguarding.Notification.Domain.Escalation;

namespace Safeguarding.Notification.Api.Escalations;

/// <param name="Version">Grows with each change; 0 where the council has set nothing.</param>
/// <param name="ChangedAt">When it was changed last.</param>
/// <param name="Document">The document as the council wrote it.</param>
/// <param name="Missing">Subscriptions that it names and that are deleted, or leave out alerts by
/// their types: nobody is notified through them.</param>
internal sealed record EscalationView(
    long Version,
    DateTimeOffset? ChangedAt,
    EscalationDocument Document,
    IReadOnlyList<string> Missing
)
{
    public static EscalationView Of(EscalationPolicy? policy, IReadOnlySet<string> subscriptions)
    {
        var document = policy?.Document ?? EscalationDocument.Unset;
        return new EscalationView(
            policy?.Version ?? 0,
            policy?.ChangedAt,
            document,
            [
                .. document
                    .InTurn()
                    .Where(name => !subscriptions.Contains(name))
                    .ToImmutableSortedSet(StringComparer.Ordinal),
            ]
        );
    }
}
