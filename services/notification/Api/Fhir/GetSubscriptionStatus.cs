using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery.Channels.Fhir;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Api.Fhir;

/// <summary>
/// <c>$status</c>: where a subscription stands, and <c>$events</c>: what it was notified of, for a receiver that
/// has seen a gap.
/// </summary>
internal static class GetSubscriptionStatus
{
    private const int MostEvents = 100;

    internal static async Task<FhirAnswer> Status(
        string id,
        Caller caller,
        NotificationDb db,
        PublicAddress address,
        HttpRequest request,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (
            await FindFhirSubscription.FindAsync(db, caller.Organisation, id, cancellationToken) is not { } subscription
        )
        {
            return FhirAnswer.NotFound();
        }

        var status = NotificationBundle.Status(
            subscription,
            "query-status",
            subscription.LastEventNumber,
            [],
            address,
            clock.GetUtcNow()
        );
        return FhirAnswer.Ok(
            new R4.Bundle
            {
                Type = R4.Bundle.BundleType.Searchset,
                Total = 1,
                Entry =
                [
                    new R4.Bundle.EntryComponent
                    {
                        FullUrl = $"urn:uuid:{status.Id}",
                        Resource = status,
                        Search = new R4.Bundle.SearchComponent { Mode = R4.Bundle.SearchEntryMode.Match },
                    },
                ],
            }
        );
    }

    internal static async Task<FhirAnswer> Events(
        string id,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        PublicAddress address,
        TimeProvider clock,
        CancellationToken cancellationToken,
        string? eventsSinceNumber = null,
        string? eventsUntilNumber = null,
        string? content = null
    )
    {
        if (
            !IsNumber(eventsSinceNumber, 1, out var since) || !IsNumber(eventsUntilNumber, long.MaxValue, out var until)
        )
        {
            return FhirAnswer.Refused(
                StatusCodes.Status400BadRequest,
                new FhirError(
                    R4.OperationOutcome.IssueType.Value,
                    null,
                    "eventsSinceNumber and eventsUntilNumber are whole numbers from 1 on; both ends are part of the "
                        + "answer."
                )
            );
        }

        if (content is not (null or "empty" or Backport.IdOnly or Backport.FullResource))
        {
            return FhirAnswer.Refused(
                StatusCodes.Status400BadRequest,
                new FhirError(R4.OperationOutcome.IssueType.Value, null, "content is empty, id-only or full-resource.")
            );
        }

        if (
            await FindFhirSubscription.FindAsync(db, caller.Organisation, id, cancellationToken) is not { } subscription
        )
        {
            return FhirAnswer.NotFound();
        }

        var now = clock.GetUtcNow();
        var notified = await db
            .Deliveries.Where(delivery =>
                delivery.SubscriptionId == subscription.Id
                && delivery.EventNumber >= since
                && delivery.EventNumber <= until
            )
            .OrderBy(delivery => delivery.EventNumber)
            .Take(MostEvents)
            .Select(delivery => new NotifiedEvent(
                delivery.EventNumber!.Value,
                delivery.CreatedAt,
                delivery.AlertId!.Value
            ))
            .ToListAsync(cancellationToken);
        var alertIds = notified.Select(row => row.AlertId).Distinct().ToArray();
        var restricted = (
            await db.Alerts.AsNoTracking().Where(alert => alertIds.Contains(alert.Id)).ToListAsync(cancellationToken)
        )
            .Where(alert => alert.IsRestricted)
            .Select(alert => alert.Id)
            .ToHashSet();
        notified = notified.ConvertAll(row =>
            restricted.Contains(row.AlertId) ? row with { At = row.At.DayOnly() } : row
        );
        var wanted = content ?? (subscription.Payload is PayloadKind.Full ? Backport.FullResource : Backport.IdOnly);
        var communications =
            wanted == Backport.FullResource
                ? await GetCommunication.DiscloseAsync(db, alertIds, caller, sealer, now, cancellationToken)
                : [];
        var status = NotificationBundle.Status(
            subscription,
            "query-event",
            subscription.LastEventNumber,
            notified,
            address,
            now
        );
        return FhirAnswer.Ok(
            NotificationBundle.Of(
                status,
                address.UrlOf($"/fhir/Subscription/{subscription.Name}"),
                now,
                communications,
                address
            )
        );
    }

    private static bool IsNumber(string? text, long otherwise, out long number)
    {
        number = otherwise;
        return text is null
            || (
                long.TryParse(
                    text,
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out number
                )
                && number >= 1
            );
    }
}
