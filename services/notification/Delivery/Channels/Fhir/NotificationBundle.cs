using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Hosting;
using Safeguarding.Notification.Domain.Subscriptions;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Delivery.Channels.Fhir;

/// <summary>
/// A notification of the backport guide: a history Bundle whose first entry says where the subscription
/// stands.
/// </summary>
internal static class NotificationBundle
{
    private static readonly JsonSerializerOptions Unescaped = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static R4.Bundle Of(
        R4.Parameters status,
        string subscriptionUrl,
        DateTimeOffset now,
        IEnumerable<R4.Communication> communications,
        PublicAddress address
    )
    {
        var bundle = new R4.Bundle
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Meta = new R4.Meta { Profile = [Backport.NotificationProfile] },
            Type = R4.Bundle.BundleType.History,
            Timestamp = now,
            Entry =
            [
                new R4.Bundle.EntryComponent
                {
                    FullUrl = $"urn:uuid:{status.Id}",
                    Resource = status,
                    Request = new R4.Bundle.RequestComponent
                    {
                        Method = R4.Bundle.HTTPVerb.GET,
                        Url = $"{subscriptionUrl}/$status",
                    },
                    Response = new R4.Bundle.ResponseComponent { Status = "200" },
                },
            ],
        };
        bundle.Entry.AddRange(
            communications.Select(communication => new R4.Bundle.EntryComponent
            {
                FullUrl = address.UrlOf($"/fhir/Communication/{communication.Id}"),
                Resource = communication,
                Request = new R4.Bundle.RequestComponent
                {
                    Method = R4.Bundle.HTTPVerb.PUT,
                    Url = $"Communication/{communication.Id}",
                },
                Response = new R4.Bundle.ResponseComponent
                {
                    Status = communication.Meta?.VersionId == "1" ? "201" : "200",
                },
            })
        );
        return bundle;
    }

    /// <param name="subscription">Which.</param>
    /// <param name="type">handshake, heartbeat, event-notification, query-status or query-event.</param>
    /// <param name="count">Events since the subscription began.</param>
    /// <param name="events">Those that this is about.</param>
    /// <param name="address">For references.</param>
    /// <param name="now">For ids.</param>
    public static R4.Parameters Status(
        Subscription subscription,
        string type,
        long count,
        IEnumerable<NotifiedEvent> events,
        PublicAddress address,
        DateTimeOffset now
    )
    {
        var status = new R4.Parameters
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Meta = new R4.Meta { Profile = [Backport.StatusProfile] },
        };
        status.Add("subscription", new R4.ResourceReference(address.UrlOf($"/fhir/Subscription/{subscription.Name}")));
        status.Add("topic", new R4.Canonical(Backport.Topic));
        status.Add("status", new R4.Code(SubscriptionStatus.Code(subscription.Health, now)));
        status.Add("type", new R4.Code(type));
        status.Add("events-since-subscription-start", new R4.FhirString(count.ToString(CultureInfo.InvariantCulture)));
        foreach (var notified in events)
        {
            var parts = new List<R4.Parameters.ParameterComponent>
            {
                new()
                {
                    Name = "event-number",
                    Value = new R4.FhirString(notified.Number.ToString(CultureInfo.InvariantCulture)),
                },
                new() { Name = "timestamp", Value = new R4.Instant(notified.At) },
                new()
                {
                    Name = "focus",
                    Value = new R4.ResourceReference(address.UrlOf($"/fhir/Communication/{notified.AlertId}")),
                },
            };
            status.Parameter.Add(new R4.Parameters.ParameterComponent { Name = "notification-event", Part = parts });
        }
        if (SubscriptionStatus.Error(subscription.Health) is { } error)
            status.Add("error", new R4.CodeableConcept { Text = error });
        return status;
    }

    /// <summary>
    /// The same notification, with the subscription's status as it is now: between its making and an attempt
    /// at it there may be days.
    /// </summary>
    public static byte[] Restate(byte[] bundle, SubscriptionHealth standing, DateTimeOffset now)
    {
        var json = JsonNode.Parse(bundle)!;
        var parameters = json["entry"]![0]!["resource"]!["parameter"]!.AsArray();
        parameters.Single(parameter => Name(parameter) == "status")!["valueCode"] = SubscriptionStatus.Code(
            standing,
            now
        );
        parameters.RemoveAll(parameter => Name(parameter) == "error");
        if (SubscriptionStatus.Error(standing) is { } error)
        {
            parameters.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["name"] = "error",
                        ["valueCodeableConcept"] = new JsonObject { ["text"] = error },
                    }
            );
        }

        return JsonSerializer.SerializeToUtf8Bytes(json, Unescaped);

        static string? Name(JsonNode? parameter) => parameter!["name"]!.GetValue<string>();
    }
}

/// <summary>An event that a subscription was sent.</summary>
internal sealed record NotifiedEvent(long Number, DateTimeOffset At, Guid AlertId);
