using System.Buffers;
using System.Text.Json;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Hosting;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

/// <summary>What goes over the wire: a CloudEvent 1.0 in structured JSON.</summary>
internal static class WebhookEvent
{
    public const string ContentType = "application/cloudevents+json";
    private const string Source = "urn:safeguarding-hub:notification";

    /// <returns>Null where a webhook has no event for this.</returns>
    public static byte[]? Of(Notice notice, bool full, DateTimeOffset now) =>
        notice switch
        {
            Notice.OfAlert { Alert: var alert } of => full
                ? Write(notice, alert.Id, now, of.View())
                : Write(notice, alert.Id, now, new AlertSignal(alert.Id, alert.Version, alert.CouncilCode)),
            Notice.OfEndpoint of => Write(
                notice,
                null,
                now,
                new
                {
                    of.CouncilCode,
                    of.Subscription,
                    of.FailingSince,
                    of.Outcome,
                }
            ),
            // Nothing of whom or where is in it.
            Notice.OfReview { Review: var review } => Write(
                notice,
                null,
                now,
                new
                {
                    review.ReviewId,
                    review.CouncilCode,
                    review.Version,
                    review.RaisedAt,
                    review.DueAt,
                }
            ),
            // Neither which child nor which council: that is read, and each reading is audited.
            Notice.OfRegistration { Registration: var registration } => Write(
                notice,
                null,
                now,
                new
                {
                    RegistrationId = registration.Id,
                    registration.CouncilCode,
                    registration.RegisteredAt,
                }
            ),
            Notice.OfPlaceAgreement { Registration: var registration } of => Write(
                notice,
                null,
                now,
                new
                {
                    RegistrationId = registration.Id,
                    registration.CouncilCode,
                    of.Agreed,
                }
            ),
            Notice.OfUpload { Upload: var upload } => Write(notice, null, now, upload),
            // Neither who nor where: that is read with the council's own token.
            Notice.OfLookup { Lookup: var lookup } => Write(
                notice,
                null,
                now,
                new { lookup.LookupId, lookup.CouncilCode }
            ),
            Notice.Test test => Write(notice, null, now, new { test.CouncilCode }),
            _ => null,
        };

    private static byte[] Write<TData>(Notice notice, Guid? alertId, DateTimeOffset now, TData data)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, notice.Id);
            json.WriteString("source"u8, Source);
            json.WriteString("type"u8, notice.EventType);
            json.WriteString("time"u8, notice.IsOfRestricted ? now.DayOnly() : now);
            if (alertId is { } alert)
            {
                json.WriteString("subject"u8, alert);
                json.WriteString("dataref"u8, $"/alerts/{alert}");
            }
            json.WriteString("datacontenttype"u8, "application/json"u8);
            json.WritePropertyName("data"u8);
            JsonSerializer.Serialize(json, data, HubJson.Options);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
