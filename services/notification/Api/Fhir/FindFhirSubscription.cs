using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Api.Subscriptions;
using Safeguarding.Notification.Delivery.Channels.Fhir;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Api.Fhir;

/// <summary>A council's FHIR Subscriptions: one, all, or none any more. Found by (council, id) only.</summary>
internal static class FindFhirSubscription
{
    internal static async Task<FhirAnswer> Read(
        string id,
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, caller.Organisation, id, cancellationToken) is { } subscription
            ? FhirAnswer.Ok(SubscriptionResource.Of(subscription, sealer, clock.GetUtcNow()))
            : FhirAnswer.NotFound();

    internal static async Task<FhirAnswer> Search(
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        HttpRequest request,
        PublicAddress address,
        CancellationToken cancellationToken
    )
    {
        if (request.Query.Count > 0)
        {
            return FhirAnswer.Refused(
                StatusCodes.Status400BadRequest,
                new FhirError(
                    R4.OperationOutcome.IssueType.NotSupported,
                    null,
                    "Subscriptions are listed without search parameters."
                )
            );
        }

        var subscriptions = await db
            .Subscriptions.AsNoTracking()
            .Where(subscription =>
                subscription.CouncilCode == caller.Organisation && subscription.Channel == FhirChannel.Name
            )
            .OrderBy(subscription => subscription.Id)
            .ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return FhirAnswer.Ok(
            new R4.Bundle
            {
                Type = R4.Bundle.BundleType.Searchset,
                Total = subscriptions.Count,
                Entry =
                [
                    .. subscriptions.Select(subscription => new R4.Bundle.EntryComponent
                    {
                        FullUrl = address.UrlOf($"/fhir/Subscription/{subscription.Name}"),
                        Resource = SubscriptionResource.Of(subscription, sealer, now),
                        Search = new R4.Bundle.SearchComponent { Mode = R4.Bundle.SearchEntryMode.Match },
                    }),
                ],
            }
        );
    }

    internal static async Task<FhirAnswer> Delete(
        string id,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(db, caller.Organisation, id, cancellationToken) is null)
            return FhirAnswer.NotFound();
        await DeleteSubscription.Handle(id, caller, db, clock, cancellationToken);
        return new FhirAnswer(StatusCodes.Status204NoContent, null);
    }

    public static Task<Subscription?> FindAsync(
        NotificationDb db,
        string councilCode,
        string id,
        CancellationToken cancellationToken
    ) =>
        db
            .Subscriptions.AsNoTracking()
            .SingleOrDefaultAsync(
                subscription =>
                    subscription.CouncilCode == councilCode
                    && subscription.Name == id
                    && subscription.Channel == FhirChannel.Name,
                cancellationToken
            );

    public static Task<Subscription?> LockAsync(
        NotificationDb db,
        string councilCode,
        string id,
        CancellationToken cancellationToken
    ) =>
        db
            .Subscriptions.FromSql(
                $"SELECT * FROM notification.subscription WHERE council_code = {councilCode} AND name = {id} AND channel = {FhirChannel.Name} FOR UPDATE"
            )
            .SingleOrDefaultAsync(cancellationToken);
}
