using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Delivery.Channels.Fhir;
using Safeguarding.Notification.Delivery.Channels.Webhook;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;
using Subscription = Safeguarding.Notification.Domain.Subscriptions.Subscription;

namespace Safeguarding.Notification.Api.Fhir;

/// <summary>
/// Makes a Subscription, or changes one (PUT). The endpoint has to answer a handshake before anything else is
/// sent there; what comes meanwhile is kept.
/// </summary>
internal static class PostSubscription
{
    private const int LargestBody = 64 * 1024;
    private const string ResourceType = "Subscription";

    internal static Task<FhirAnswer> Create(
        HttpRequest request,
        Caller caller,
        NotificationDb db,
        FhirChannel channel,
        NewDeliveries deliveries,
        Sealer sealer,
        IOptions<WebhookOptions> options,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => PutAsync(null, request, caller, db, channel, deliveries, sealer, options.Value, clock, cancellationToken);

    internal static Task<FhirAnswer> Update(
        string id,
        HttpRequest request,
        Caller caller,
        NotificationDb db,
        FhirChannel channel,
        NewDeliveries deliveries,
        Sealer sealer,
        IOptions<WebhookOptions> options,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => PutAsync(id, request, caller, db, channel, deliveries, sealer, options.Value, clock, cancellationToken);

    private static async Task<FhirAnswer> PutAsync(
        string? id,
        HttpRequest request,
        Caller caller,
        NotificationDb db,
        FhirChannel channel,
        NewDeliveries deliveries,
        Sealer sealer,
        WebhookOptions options,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow().AsStored();
        var (resource, unreadable) = await ReadAsync(request, cancellationToken);
        if (resource is null)
            return unreadable!;
        if (id is not null && resource.Id != id)
        {
            return FhirAnswer.Refused(
                StatusCodes.Status400BadRequest,
                new FhirError(OperationOutcome.IssueType.Value, "Subscription.id", "It must be the id in the URL.")
            );
        }

        var stored = id is null
            ? null
            : await FindFhirSubscription.FindAsync(db, caller.Organisation, id, cancellationToken);
        if (id is not null && stored is null)
            return FhirAnswer.NotFound();
        var (requested, errors) = SubscriptionResource.Read(resource, stored, sealer, options.RequestTimeout, now);
        if (requested is null)
            return FhirAnswer.Refused(StatusCodes.Status422UnprocessableEntity, errors);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (stored is not null)
            await db.ResetEndpointAsync(stored.Id, now, cancellationToken);
        var known = id is null
            ? null
            : await FindFhirSubscription.LockAsync(db, caller.Organisation, id, cancellationToken);
        if (id is not null && known is null)
            return FhirAnswer.NotFound();
        var secret = known is null ? WebhookSignature.NewSecret() : null;
        var subscription = known ?? Make(caller, requested, sealer.Seal(secret!), now);
        var moved = known is null || known.Address != requested.Endpoint;
        (subscription.Address, subscription.Payload, subscription.Enabled, subscription.EndsAt) = (
            requested.Endpoint,
            requested.Payload,
            requested.Enabled,
            requested.EndsAt.AsStored()
        );
        (subscription.HeartbeatSeconds, subscription.NextHeartbeatAt) = (
            requested.HeartbeatSeconds,
            now + (requested.HeartbeatSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
        );
        var headers = requested.Headers.Count == 0 ? null : sealer.Seal(new CouncilHeaders(requested.Headers));
        (subscription.HeadersKeyId, subscription.HeadersValue, subscription.ChangedAt) = (
            headers?.KeyId,
            headers?.Value,
            now
        );
        if (channel.Validate(subscription) is { } error)
        {
            return FhirAnswer.Refused(
                StatusCodes.Status422UnprocessableEntity,
                new FhirError(OperationOutcome.IssueType.BusinessRule, error.Field, $"The endpoint {error.Message}.")
            );
        }

        if (known is null)
            db.Add(subscription);
        if (moved)
        {
            subscription.AwaitsHandshake = true;
            await db
                .Deliveries.Where(delivery =>
                    delivery.SubscriptionId == subscription.Id
                    && delivery.State == DeliveryState.Waiting
                    && delivery.EventType == EndpointDelivery.HandshakeType
                )
                .ExecuteUpdateAsync(
                    delivery =>
                        delivery
                            .SetProperty(row => row.State, DeliveryState.Cancelled)
                            .SetProperty(row => row.EndedAt, now),
                    cancellationToken
                );
        }
        db.Audit(caller, known is null ? "subscription.make" : "subscription.change", subscription.Id);
        await db.SaveChangesAsync(cancellationToken);
        if (moved)
            await deliveries.DeliverNoticeAsync(db, subscription, new Notice.Handshake(), now, cancellationToken);
        db.OnCommitted(new CommitSignal.DeliveriesDue());
        await transaction.CommitAsync(CancellationToken.None);
        var answer = SubscriptionResource.Of(subscription, sealer, now, secret?.Text);
        return known is null
            ? new FhirAnswer(StatusCodes.Status201Created, answer)
            {
                Location = $"/fhir/Subscription/{subscription.Name}",
            }
            : FhirAnswer.Ok(answer);
    }

    private static async Task<(Hl7.Fhir.Model.Subscription? Resource, FhirAnswer? Unreadable)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        if (
            request.ContentType is not { } type
            || !(
                type.StartsWith(FhirAnswer.MediaType, StringComparison.OrdinalIgnoreCase)
                || type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            return (
                null,
                FhirAnswer.Refused(
                    StatusCodes.Status415UnsupportedMediaType,
                    new FhirError(OperationOutcome.IssueType.NotSupported, null, $"Send {FhirAnswer.MediaType}.")
                )
            );
        }

        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > LargestBody)
            {
                return (
                    null,
                    FhirAnswer.Refused(
                        StatusCodes.Status413PayloadTooLarge,
                        new FhirError(
                            OperationOutcome.IssueType.TooLong,
                            null,
                            "A Subscription of more than 64 KiB is not read."
                        )
                    )
                );
            }

            body.Write(buffer, 0, read);
        }
        // The deserializer throws on what is no JSON object at all.
        if (!IsSubscription(body.GetBuffer().AsMemory(0, (int)body.Length)))
        {
            return (
                null,
                FhirAnswer.Refused(
                    StatusCodes.Status400BadRequest,
                    new FhirError(OperationOutcome.IssueType.Invalid, null, "The body is not a Subscription in JSON.")
                )
            );
        }

        var json = System.Text.Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
        var (resource, issues) = Deserialise(json);
        if (issues is null)
        {
            return (
                null,
                FhirAnswer.Refused(
                    StatusCodes.Status400BadRequest,
                    new FhirError(OperationOutcome.IssueType.Structure, "Subscription", "Not FHIR R4 JSON.")
                )
            );
        }

        var errors = issues
            .Select(issue => new FhirError(
                OperationOutcome.IssueType.Structure,
                Element((issue as Hl7.Fhir.Utility.ExtendedCodedException)?.InstancePath),
                $"Not FHIR R4 JSON ({issue.ErrorCode})."
            ))
            .ToList();
        if (errors.Count > 0)
            return (null, FhirAnswer.Refused(StatusCodes.Status400BadRequest, errors));
        return resource is Hl7.Fhir.Model.Subscription subscription
            ? (subscription, null)
            : (
                null,
                FhirAnswer.Refused(
                    StatusCodes.Status400BadRequest,
                    new FhirError(OperationOutcome.IssueType.Invalid, null, "The body is not a Subscription.")
                )
            );
    }

    // For some shapes of JSON the deserializer throws, one of many exceptions, instead of naming the issue.
    private static (Resource? Resource, IReadOnlyList<Hl7.Fhir.Utility.CodedException>? Issues) Deserialise(string json)
    {
        try
        {
            FhirJsonDeserializer.DEFAULT.TryDeserializeResource(json, out var resource, out var issues);
            return (resource, [.. issues]);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return (null, null);
        }
    }

    // What the sender wrote where FHIR has no element may be anything, a name too: the path ends before it.
    private static string Element(string? path)
    {
        var known = new System.Text.StringBuilder(ResourceType);
        var within = ModelInfo.ModelInspector.FindClassMapping(ResourceType);
        foreach (var step in (path ?? "").Split('.').Skip(1))
        {
            var bracket = step.IndexOf('[', StringComparison.Ordinal);
            var (name, index) = bracket < 0 ? (step, "") : (step[..bracket], step[bracket..]);
            if (within?.FindMappedElementByName(name) is not { } element)
                break;
            known.Append('.').Append(element.Name);
            if (index is ['[', .. var digits, ']'] && digits.All(char.IsAsciiDigit))
                known.Append(index);
            within = element.PropertyTypeMapping;
        }

        return known.ToString();
    }

    private static bool IsSubscription(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(body);
            return json.RootElement.ValueKind is System.Text.Json.JsonValueKind.Object
                && json.RootElement.TryGetProperty("resourceType", out var type)
                && type.ValueKind is System.Text.Json.JsonValueKind.String
                && type.ValueEquals("Subscription");
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private static Subscription Make(
        Caller caller,
        RequestedSubscription requested,
        Sealed<SigningSecret> atRest,
        DateTimeOffset now
    )
    {
        var id = Guid.CreateVersion7(now);
        return new Subscription
        {
            Id = id,
            CouncilCode = caller.Organisation,
            Name = $"fhir-{id:N}",
            Channel = FhirChannel.Name,
            Address = requested.Endpoint,
            SecretKeyId = atRest.KeyId,
            SecretValue = atRest.Value,
            CreatedAt = now,
        };
    }
}
