using System.Buffers;
using System.Text.Json;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

/// <summary>What goes over the wire: a CloudEvent 1.0 in structured JSON.</summary>
internal static class WebhookEvent
{
    public const string ContentType = "application/cloudevents+json";
    private const string Source = "urn:safeguarding-hub:notification";

    public static string TypeOf(AlertNews news) =>
        news switch
        {
            AlertNews.Raised => AlertSignalTypes.Raised,
            AlertNews.Amended => AlertSignalTypes.Amended,
            _ => AlertSignalTypes.Withdrawn,
        };

    /// <summary>One id for one version of one alert, the same on every channel.</summary>
    public static string IdOf(Guid alertId, long version) => $"{alertId:N}-{version}";

    public static byte[] Thin(Alert alert, DateTimeOffset now) =>
        Write(
            IdOf(alert.Id, alert.Version),
            TypeOf(alert.News),
            alert.Id,
            now,
            new AlertSignal(alert.Id, alert.Version, alert.CouncilCode)
        );

    public static byte[] Full(AlertView view, DateTimeOffset now) =>
        Write(IdOf(view.Id, view.Version), TypeOf(view.News), view.Id, now, view);

    public static byte[] Test(Guid testId, string councilCode, DateTimeOffset now) =>
        Write($"{testId:N}", AlertSignalTypes.Test, null, now, new { councilCode });

    public static ChannelMessage OfEndpoint(News.OfEndpoint report, DateTimeOffset now)
    {
        var type = report.Outcome is null ? AlertSignalTypes.EndpointRecovered : AlertSignalTypes.EndpointFailing;
        return new ChannelMessage(
            type,
            Write(
                $"{report.ReportId:N}",
                type,
                null,
                now,
                new
                {
                    report.CouncilCode,
                    report.Subscription,
                    report.FailingSince,
                    report.Outcome,
                }
            )
        );
    }

    /// <summary>Read with <c>GET /reviews</c> at matching: nothing of whom or where is in it.</summary>
    public static ChannelMessage OfReview(MatchNeedsReview review, DateTimeOffset now)
    {
        var type = review.Overdue ? AlertSignalTypes.ReviewOverdue : AlertSignalTypes.ReviewRaised;
        return new ChannelMessage(
            type,
            Write(
                $"{review.ReviewId:N}-{review.Version}{(review.Overdue ? "-overdue" : "")}",
                type,
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
            )
        );
    }

    /// <summary>Read with <c>GET /uploads/{id}</c> at plan-registry: nothing of whom is in it.</summary>
    public static ChannelMessage OfUpload(PlanUploadAwaitsConfirmation upload, DateTimeOffset now) =>
        new(
            AlertSignalTypes.UploadAwaitingConfirmation,
            Write($"{upload.UploadId:N}", AlertSignalTypes.UploadAwaitingConfirmation, null, now, upload)
        );

    private static byte[] Write<TData>(string id, string type, Guid? alertId, DateTimeOffset now, TData data)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, id);
            json.WriteString("source"u8, Source);
            json.WriteString("type"u8, type);
            json.WriteString("time"u8, now);
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
