using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Delivery.Channels.Fhir;
using Safeguarding.Notification.Delivery.Channels.Webhook;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>Makes or changes a subscription. The signing secret is made with it and shown this once.</summary>
internal static partial class PutSubscription
{
    private const int LongestLink = 500;

    internal static Task<Results<Created<SubscriptionView>, Ok<SubscriptionView>, ProblemHttpResult>> Handle(
        string id,
        PutSubscriptionRequest request,
        Caller caller,
        NotificationDb db,
        ChannelCatalogue channels,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        WriteAsync(
            new SubscriptionPlace(caller.Organisation, id, $"/subscriptions/{id}", LinkNamesAlert: true),
            request,
            caller,
            db,
            channels,
            sealer,
            clock,
            cancellationToken
        );

    /// <summary>Makes or changes the one at this place.</summary>
    internal static async Task<Results<Created<SubscriptionView>, Ok<SubscriptionView>, ProblemHttpResult>> WriteAsync(
        SubscriptionPlace place,
        PutSubscriptionRequest request,
        Caller caller,
        NotificationDb db,
        ChannelCatalogue channels,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var id = place.Name;
        if (!Name().IsMatch(id))
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "subscription-id-unusable",
                "The id must be 1 to 40 of a-z, 0-9 and hyphens.",
                new FieldError("id", "1 to 40 of a-z, 0-9, -")
            );
        }

        var known = await db.FindAsync(place.Recipient, id, cancellationToken);
        if (known is not null && request.Channel is { } other && other != known.Channel)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "channel-fixed",
                $"This subscription's channel is {known.Channel}. Delete it, or take another id.",
                new FieldError("channel", "differs")
            );
        }

        if (channels.Find(known?.Channel ?? request.Channel ?? WebhookChannel.Name) is not { } channel)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "channel-unknown",
                $"channel must be one of {string.Join(", ", channels.Kinds)}.",
                new FieldError("channel", "unknown")
            );
        }

        if (channel.Kind == FhirChannel.Name)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "fhir-elsewhere",
                "A FHIR Subscription is made and changed at /fhir/Subscription.",
                new FieldError("channel", "see /fhir/Subscription")
            );
        }

        if (request is { Url: not null, To: not null })
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "address-twice",
                "Give url or to, whichever the channel takes.",
                new FieldError("to", "not beside url")
            );
        }

        if (
            request.Link is { } link
            && (
                link.Length > LongestLink
                || (place.LinkNamesAlert && !link.Contains("{alert}", StringComparison.Ordinal))
                || !link.StartsWith("https://", StringComparison.Ordinal)
            )
        )
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "link-unusable",
                place.LinkNamesAlert
                    ? "link must begin with https://, hold {alert} where the alert's id goes, and be at most 500 characters."
                    : "link must begin with https:// and be at most 500 characters.",
                new FieldError("link", place.LinkNamesAlert ? "https://…{alert}…" : "https://…")
            );
        }

        if (WantedTypes.Validate(request.Types, channel.Kind) is { } unwanted)
            return unwanted;

        var now = clock.GetUtcNow();
        var (subscription, secret) = known is null ? Make(place, channel, sealer, now) : (known, null);
        subscription.Address = request.Url ?? request.To ?? "";
        subscription.Payload = request.Payload ?? subscription.Payload;
        subscription.Enabled = request.Enabled ?? subscription.Enabled;
        subscription.Standby = request.Standby ?? subscription.Standby;
        subscription.Link = request.Link ?? subscription.Link;
        if (request.Types is { } types)
            subscription.Types = types is [] ? null : [.. types.Distinct()];
        subscription.ChangedAt = now;
        if (channel.Validate(subscription) is { } error)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                $"{error.Field}-unusable",
                $"{error.Field} {error.Message}.",
                error
            );
        }

        if (known is null)
            db.Add(subscription);
        db.Audit(caller, known is null ? "subscription.make" : "subscription.change", subscription.Id);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Whoever writes to it wants it tried: another address, on again, or the same once more.
        if (known is not null)
            await db.ResetEndpointAsync(subscription.Id, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        var view = SubscriptionView.Of(subscription, sealer, now, secret);
        return known is null ? TypedResults.Created(place.Address, view) : TypedResults.Ok(view);
    }

    private static (Subscription Subscription, string Secret) Make(
        SubscriptionPlace place,
        IChannel channel,
        Sealer sealer,
        DateTimeOffset now
    )
    {
        var secret = WebhookSignature.NewSecret();
        var atRest = sealer.Seal(secret);
        return (
            new Subscription
            {
                Id = Guid.CreateVersion7(now),
                CouncilCode = place.Recipient,
                Name = place.Name,
                Channel = channel.Kind,
                Address = "",
                Enabled = true,
                SecretKeyId = atRest.KeyId,
                SecretValue = atRest.Value,
                CreatedAt = now,
            },
            secret.Text
        );
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}

/// <summary>Which subscription is written.</summary>
/// <param name="Recipient">Whose it is: a council, or a privacy officer.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Address">Its route.</param>
/// <param name="LinkNamesAlert">Whether its link leads to an alert.</param>
internal sealed record SubscriptionPlace(string Recipient, string Name, string Address, bool LinkNamesAlert);

/// <param name="Channel">webhook where not given; fixed once made.</param>
/// <param name="Url">Where to post, for webhook: https, port 443 or 8443, no user name, no fragment.</param>
/// <param name="To">The e-mail address or telephone number, for email and sms.</param>
/// <param name="Payload">thin (as it is made) or full.</param>
/// <param name="Enabled">False holds deliveries back until it is true again; true as it is made.</param>
/// <param name="Standby">True: it receives only what another channel could not deliver, or what a rule sends there;
/// false as it is made.</param>
/// <param name="Link">Where the council's people open an alert, with {alert} for its id; needed for email and
/// sms.</param>
/// <param name="Types">Only events of these types (<c>GET /events</c>) are sent; [] is all, as it is made, but roots
/// of the audit.</param>
internal sealed record PutSubscriptionRequest(
    string? Channel,
    string? Url,
    string? To,
    PayloadKind? Payload,
    bool? Enabled,
    bool? Standby,
    string? Link,
    IReadOnlyList<string>? Types
);
