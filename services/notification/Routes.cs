using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Alerts;
using Safeguarding.Notification.Channels.Fhir;
using Safeguarding.Notification.Deliveries;
using Safeguarding.Notification.Endpoints;
using Safeguarding.Notification.Escalation;
using Safeguarding.Notification.Feed;
using Safeguarding.Notification.Grouping;
using Safeguarding.Notification.Replays;
using Safeguarding.Notification.Subscriptions;

namespace Safeguarding.Notification;

internal static class Routes
{
    public static void MapNotificationRoutes(this WebApplication app)
    {
        app.MapPost("/alerts/claim", ClaimAlerts.Handle).RequireScope("alert.read");
        app.MapPost("/alerts/leases/{id:guid}/renew", RenewLease.Handle).RequireScope("alert.read");
        app.MapGet("/alerts", ListAlerts.Handle).RequireScope("alert.read");
        app.MapGet("/alerts/{id:guid}", ReadAlert.Handle).RequireScope("alert.read");
        app.MapGet("/alerts/{id:guid}/history", ReadAlertHistory.Handle).RequireScope("alert.read");
        app.MapPost("/alerts/{id:guid}/acknowledge", AcknowledgeAlert.Handle).RequireScope("alert.ack");
        app.MapPost("/alerts/{id:guid}/refuse", RefuseAlert.Handle).RequireScope("alert.ack");

        app.MapPut("/subscriptions/{id}", PutSubscription.Handle).RequireScope("subscription.write");
        app.MapGet("/subscriptions", ListSubscriptions.Handle).RequireScope("subscription.write");
        app.MapGet("/subscriptions/{id}", ReadSubscription.Handle).RequireScope("subscription.write");
        app.MapDelete("/subscriptions/{id}", DeleteSubscription.Handle).RequireScope("subscription.write");
        app.MapPost("/subscriptions/{id}/rotate-secret", RotateSecret.Handle).RequireScope("subscription.write");
        app.MapPost("/subscriptions/{id}/test", SendTestEvent.Handle).RequireScope("subscription.write");
        app.MapPost("/subscriptions/{id}/replay", ReplayParked.Handle).RequireScope("subscription.write");

        app.MapGet("/ops/councils", CountWaiting.Handle).RequireScope("ops");
        app.MapFhirRoutes();

        app.MapPut("/escalations/{code}", PutEscalation.Handle).RequireScope("subscription.write");
        app.MapGet("/escalations/{code}", ReadEscalation.Handle).RequireScope("subscription.write");
        app.MapPut("/rules", PutRules.Handle).RequireScope("subscription.write");
        app.MapGet("/rules", ReadRules.Handle).RequireScope("subscription.write");
        app.MapPost("/rules/dry-run", PreviewRules.Handle).RequireScope("subscription.write");

        app.MapGet("/deliveries", ListDeliveries.Handle).RequireScope("ops");
        app.MapGet("/deliveries/{id:guid}/attempts", ListDeliveryAttempts.Handle).RequireScope("ops");
        app.MapGet("/endpoints", ListEndpoints.Handle).RequireScope("ops");
        app.MapGet("/endpoints/reports", ListEndpointReports.Handle).RequireScope("ops");
        app.MapPut("/endpoints/{id:guid}/private-networks", OpenPrivateNetworks.Handle).RequireScope("ops");
        app.MapPost("/deliveries/replay", ReplayDeliveries.Handle).RequireScope("ops");
        app.MapGet("/deliveries/replays", ListReplays.Handle).RequireScope("ops");
        app.MapPost("/deliveries/replays/{id:guid}/stop", StopReplay.Handle).RequireScope("ops");
    }
}
