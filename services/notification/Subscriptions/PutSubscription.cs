using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Deliveries;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Subscriptions;

/// <summary>Makes or changes a subscription. The signing secret is made with it and shown this once.</summary>
internal static partial class PutSubscription
{
    internal static async Task<Results<Created<SubscriptionView>, Ok<SubscriptionView>, ProblemHttpResult>> Handle(
        string id, Request request, Caller caller, NotificationDb db, Sealer sealer, IOptions<WebhookOptions> options,
        DeliverySignal signal, TimeProvider clock, HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!Name().IsMatch(id))
            return Refusal.Problem(StatusCodes.Status400BadRequest, "subscription-id-unusable", "The id must be 1 to 40 of a-z, 0-9 and hyphens.", new FieldError("id", "1 to 40 of a-z, 0-9, -"));
        if (EndpointUrl.Fault(request.Url, options.Value) is { } fault)
            return Refusal.Problem(StatusCodes.Status400BadRequest, "url-unusable", $"url {fault}.", new FieldError("url", fault));

        var now = clock.GetUtcNow();
        if (await db.FindAsync(caller.Organisation, id, cancellationToken) is { } known)
        {
            known.Url = request.Url!;
            known.Payload = request.Payload ?? known.Payload;
            known.Enabled = request.Enabled ?? known.Enabled;
            known.ChangedAt = now;
            db.Audit(caller, "subscription.change", known.Id);
            await db.SaveChangesAsync(cancellationToken);
            signal.Ring();
            return TypedResults.Ok(SubscriptionView.Of(known, now));
        }

        var secret = WebhookSignature.NewSecret();
        var atRest = sealer.Seal(new SigningSecret(secret));
        var made = new Subscription
        {
            Id = Guid.CreateVersion7(now),
            CouncilCode = caller.Organisation,
            Name = id,
            Url = request.Url!,
            Payload = request.Payload ?? PayloadKind.Thin,
            Enabled = request.Enabled ?? true,
            SecretKeyId = atRest.KeyId,
            SecretValue = atRest.Value,
            CreatedAt = now,
            ChangedAt = now,
        };
        db.Add(made);
        db.Audit(caller, "subscription.make", made.Id);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Created($"/subscriptions/{id}", SubscriptionView.Of(made, now, secret));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    /// <param name="Url">Where to post: https, port 443 or 8443, no user name, no fragment.</param>
    /// <param name="Payload">thin (as it is made) or full.</param>
    /// <param name="Enabled">False holds deliveries back until it is true again; true as it is made.</param>
    internal sealed record Request(string? Url, PayloadKind? Payload, bool? Enabled);
}
