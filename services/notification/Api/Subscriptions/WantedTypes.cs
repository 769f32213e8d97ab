using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery.Channels;
using Safeguarding.Notification.Delivery.Channels.Webhook;

namespace Safeguarding.Notification.Api.Subscriptions;

/// <summary>The types of events that a council wants a subscription sent.</summary>
internal static class WantedTypes
{
    private const int Most = 50;

    /// <returns>Null where they will do.</returns>
    public static ProblemHttpResult? Validate(IReadOnlyList<string>? types, string channel)
    {
        if (types is null)
            return null;
        for (var i = 0; i < types.Count; i++)
        {
            if (i < Most && EventCatalogue.Find(types[i]) is not null)
                continue;
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "type-unknown",
                "types must be of the catalogue, GET /events; [] is all of them.",
                new FieldError($"types[{i}]", "is no type of the catalogue")
            );
        }

        // Taken and never sent, it would look like calm.
        if (types.Contains(AlertSignalTypes.BreakGlassUsed))
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "type-elsewhere",
                $"{AlertSignalTypes.BreakGlassUsed} goes to the privacy officer alone: PUT /break-glass/contact.",
                new FieldError("types", $"not {AlertSignalTypes.BreakGlassUsed}")
            );
        }

        if (types.Contains(AlertSignalTypes.AuditRoot) && channel != WebhookChannel.Name)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "type-elsewhere",
                $"{AlertSignalTypes.AuditRoot} goes to webhooks alone.",
                new FieldError("types", $"not {AlertSignalTypes.AuditRoot}")
            );
        }

        return
            types.Contains(AlertSignalTypes.Withdrawn)
            || !(types.Contains(AlertSignalTypes.Raised) || types.Contains(AlertSignalTypes.Amended))
            ? null
            : Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "withdrawal-left-out",
                "A subscription that includes alerts must include withdrawals; otherwise people act on withdrawn "
                    + $"alerts. Add {AlertSignalTypes.Withdrawn}.",
                new FieldError("types", $"{AlertSignalTypes.Withdrawn} is missing")
            );
    }
}
