using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Api.Subscriptions;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.BreakGlass;

/// <summary>Where an organisation's privacy officer is notified that somebody used break-glass.</summary>
internal static class PrivacyContact
{
    private const string Address = "/break-glass/contact";

    internal static Task<Results<Created<SubscriptionView>, Ok<SubscriptionView>, ProblemHttpResult>> Put(
        PrivacyContactRequest request,
        Caller caller,
        NotificationDb db,
        ChannelCatalogue channels,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        PutSubscription.WriteAsync(
            new SubscriptionPlace(
                PrivacyOfficer.RecipientOf(caller.Organisation),
                PrivacyOfficer.Subscription,
                Address,
                LinkNamesAlert: false
            ),
            new PutSubscriptionRequest(
                request.Channel,
                request.Url,
                request.To,
                Payload: null,
                Enabled: null,
                Standby: null,
                request.Link,
                Types: null
            ),
            caller,
            db,
            channels,
            sealer,
            clock,
            cancellationToken
        );

    internal static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> Get(
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        await db.FindAsync(
            PrivacyOfficer.RecipientOf(caller.Organisation),
            PrivacyOfficer.Subscription,
            cancellationToken
        )
            is { } subscription
            ? TypedResults.Ok(SubscriptionView.Of(subscription, sealer, clock.GetUtcNow()))
            : Refusal.NotFound();

    internal static Task<Results<NoContent, ProblemHttpResult>> Delete(
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        DeleteSubscription.DeleteAsync(
            PrivacyOfficer.RecipientOf(caller.Organisation),
            PrivacyOfficer.Subscription,
            caller,
            db,
            clock,
            cancellationToken
        );
}

/// <summary>The body of <c>PUT /break-glass/contact</c>.</summary>
/// <param name="Channel"><c>webhook</c> where not given, <c>email</c> or <c>sms</c>; fixed once made.</param>
/// <param name="Url">Where to post, for <c>webhook</c>.</param>
/// <param name="To">The e-mail address or telephone number, for <c>email</c> and <c>sms</c>.</param>
/// <param name="Link">Where the officer reads uses, for <c>email</c> and <c>sms</c>; https.</param>
internal sealed record PrivacyContactRequest(string? Channel, string? Url, string? To, string? Link);
