using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;
using Safeguarding.Hosting.Storage;
using Safeguarding.Notification.Api.Alerts;
using Safeguarding.Notification.Api.BreakGlass;
using Safeguarding.Notification.Api.Councils;
using Safeguarding.Notification.Api.Deliveries;
using Safeguarding.Notification.Api.Endpoints;
using Safeguarding.Notification.Api.Escalations;
using Safeguarding.Notification.Api.Events;
using Safeguarding.Notification.Api.Fhir;
using Safeguarding.Notification.Api.Registrations;
using Safeguarding.Notification.Api.Rules;
using Safeguarding.Notification.Api.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification;

internal static class Routes
{
    public static void MapNotificationRoutes(this WebApplication app)
    {
        app.MapPost("/alerts/claim", ClaimAlerts.Handle)
            .AuditsEach("alert.claim", polled: true)
            .RequireScope("alert.read")
            .WithSummary("Claim the alerts that wait for you")
            .WithDescription(
                "201 with what was free, leased to you; 204 where nothing came within waitSeconds. Every alert comes again until it is acknowledged or refused."
            )
            .AnswersWith(StatusCodes.Status429TooManyRequests);
        app.MapPost("/alerts/leases/{id:guid}/renew", RenewLease.Handle)
            .Audits("alert.claim.renew")
            .RequireScope("alert.read")
            .WithSummary("Extend the lease of a claim");
        app.MapGet("/alerts", ListAlerts.Handle)
            .AuditsEach("alert.list")
            .RequireScope("alert.read")
            .WithSummary("List your alerts, newest first; with changedAfter, in the order in which they changed")
            .WithDescription(
                "409 changed-after-unknown where the hub has given no such changedAfter: begin again with 0."
            )
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapGet("/alerts/open", ListOpenAlerts.Handle)
            .AuditsEach("alert.list")
            .RequireScope("alert.read")
            .WithSummary("List your open alerts, the gravest and oldest first")
            .WithDescription(
                "For a desk that people look at. overdue=true: only those that nobody has settled in time."
            );
        app.MapGet("/alerts/open/count", CountOpenAlerts.Handle)
            .Audits("alert.count")
            .RequireScope("alert.read")
            .WithSummary("Count your open alerts, and those of them that are overdue");
        app.MapGet("/alerts/figures", GetAlertFigures.Handle)
            .Audits("alert.figures.read")
            .RequireScope("alert.read")
            .WithSummary("Your alerts in numbers, week by week")
            .WithDescription(
                "Weeks begin on Mondays, by the calendar of London. A count of 1 to 4 is left out, so that nobody can be "
                    + "recognised, and with it another part of the same total."
            );
        app.MapGet("/alerts/{id:guid}", GetAlert.Handle)
            .AuditsEach("alert.read")
            .RequireScope("alert.read")
            .WithSummary("Read an alert");
        app.MapGet("/alerts/{id:guid}/place", GetPlace.Handle)
            .AuditsEach("alert.place.read")
            .RequireScope("alert.place")
            .WithSummary("Read where and when too, of a restricted child")
            .WithDescription(
                "The whole alert. Of a restricted child the alert itself says neither where nor when, in no channel. 403 "
                    + "place-withheld where another council has restricted the child's plan. Each call is audited."
            );
        app.MapGet("/alerts/{id:guid}/history", GetAlertHistory.Handle)
            .AuditsEach("alert.history.read")
            .RequireScope("alert.read")
            .WithSummary("What happened to an alert, with every attempt at each of your endpoints");
        app.MapPost("/alerts/{id:guid}/acknowledge", AcknowledgeAlert.Handle)
            .Audits("alert.acknowledge")
            .RequireScope("alert.ack")
            .WithSummary("Acknowledge an alert")
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapPost("/alerts/{id:guid}/refuse", RefuseAlert.Handle)
            .Audits("alert.refuse")
            .RequireScope("alert.ack")
            .WithSummary("Refuse an alert that is not for your council")
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapPost("/alerts/{id:guid}/notes", NoteOnAlert.Handle)
            .Audits("alert.note")
            .RequireScope("alert.ack")
            .WithSummary("Write a note to an alert, shown in its history");
        app.MapPost("/alerts/{id:guid}/hand-over", HandOverAlert.Handle)
            .Audits("alert.hand-over")
            .RequireScope("alert.ack")
            .WithSummary("Hand an alert to a colleague or the emergency duty team; it stays open")
            .WithDescription(
                "Shown in the alert and its history. Escalation goes on until somebody acknowledges the alert. "
                    + "409 alert-refused or alert-withdrawn where there is nothing to hand over."
            )
            .AnswersWith(StatusCodes.Status409Conflict);

        app.MapGet("/registrations", ListRegistrations.Handle)
            .AuditsEach("registration.list")
            .RequireScope("alert.read")
            .WithSummary("List the children of yours that another council has on its register too, newest first");
        app.MapGet("/registrations/{id:guid}", GetRegistration.Handle)
            .Audits("registration.read")
            .RequireScope("alert.read")
            .WithSummary("Read which council has a child of yours too, and how you were notified");

        app.MapPost("/registrations/{id:guid}/challenge", ChallengeRegistration.Handle)
            .Audits("registration.challenge")
            .RequireScope("alert.ack")
            .WithSummary("Challenge a registration that you cannot explain");
        app.MapGet("/registrations/challenged", ListChallenges.Handle)
            .AuditsEach("registration.challenge.list")
            .ReadsAcross(AcrossCouncils.Challenges, OrganisationKind.Hub)
            .RequireScope("audit.read")
            .WithSummary("List challenged registrations: your organisation's, and as the hub's privacy officer all");
        app.MapPost("/registrations/{id:guid}/place-agreement", AgreeToPlace.Handle)
            .Audits("registration.place.agree")
            .ReadsAcross(AcrossCouncils.PlaceAgreement)
            .RequireScope("alert.place")
            .WithSummary("Let the other council see where a child is whom you have restricted")
            .WithDescription(
                "It reads that with GET /alerts/{id}/place, of alerts raised before too, and learns that you have the child. "
                    + "409 place-not-yours where the other council has restricted the child, and not you."
            )
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapPost("/registrations/{id:guid}/place-agreement/withdraw", AgreeToPlace.Withdraw)
            .Audits("registration.place.withdraw")
            .ReadsAcross(AcrossCouncils.PlaceAgreement)
            .RequireScope("alert.place")
            .WithSummary("No longer let the other council see where the child is")
            .AnswersWith(StatusCodes.Status409Conflict);

        app.MapPost("/subject-access", AnswerSubjectAccess.Handle)
            .AuditsEach("alert.subject-access")
            .RequireScope("subject.export")
            .LimitsSearches()
            .WithSummary("The alerts about one person, for a request of access")
            .WithDescription(
                "plans is that of plan-registry's answer. Where, who reported or acted, and other people "
                    + "are withheld: the item says why. releases shows those that it names, in this answer alone;"
                    + " each is audited with its reason. 400 release-unusable where one is not withheld here. Of "
                    + "a restricted child (restricted) there is an alert, its grade and the day, and nothing is "
                    + "released."
            );

        app.MapPut("/subscriptions/{id}", PutSubscription.Handle)
            .Audits("subscription.change")
            .RequireScope("subscription.write")
            .WithSummary("Create or change a subscription")
            .AnswersLocation(StatusCodes.Status201Created)
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapGet("/subscriptions", ListSubscriptions.Handle)
            .Audits("subscription.list")
            .RequireScope("subscription.write")
            .WithSummary("List your subscriptions");
        app.MapGet("/subscriptions/{id}", GetSubscription.Handle)
            .Audits("subscription.read")
            .RequireScope("subscription.write")
            .WithSummary("Read a subscription");
        app.MapDelete("/subscriptions/{id}", DeleteSubscription.Handle)
            .Audits("subscription.delete")
            .RequireScope("subscription.write")
            .WithSummary("Delete a subscription; what still waits for it is cancelled");
        app.MapPost("/subscriptions/{id}/rotate-secret", RotateSecret.Handle)
            .Audits("subscription.rotate-secret")
            .RequireScope("subscription.write")
            .WithSummary("Make a new signing secret; the old one signs as well until the overlap ends")
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapPost("/subscriptions/{id}/test", SendTestEvent.Handle)
            .Audits("subscription.test")
            .RequireScope("subscription.write")
            .WithSummary("Send a test event of any type now, and say how it ended")
            .WithDescription(
                "The alert in it is made up and marked: synthetic is true, in the event and in the alert. It is in no list, count or feed."
            )
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapPost("/subscriptions/{id}/replay", ReplayParked.Handle)
            .Audits("subscription.replay")
            .RequireScope("subscription.write")
            .WithSummary("Send parked deliveries of a subscription again");
        app.MapGet("/subscriptions/{id}/deliveries", ListSubscriptionDeliveries.Handle)
            .Audits("subscription.delivery.list")
            .RequireScope("subscription.write")
            .WithSummary("List what went, or is to go, to a subscription, with the attempts at it, newest first");
        app.MapGet("/subscriptions/{id}/deliveries/{delivery:guid}", GetSubscriptionDelivery.Handle)
            .Audits("subscription.delivery.read")
            .RequireScope("subscription.write")
            .WithSummary("Read one delivery with every attempt at it");
        app.MapPost("/subscriptions/{id}/deliveries/{delivery:guid}/resend", ResendDelivery.Handle)
            .Audits("subscription.delivery.resend")
            .RequireScope("subscription.write")
            .WithSummary("Send one delivery again, under the same ids")
            .WithDescription(
                "409 delivery-cancelled, newer-version-sent, event-not-repeatable or subscription-off where it must not or cannot be sent. What waits for the subscription becomes due."
            )
            .AnswersWith(StatusCodes.Status409Conflict);

        app.MapPut("/break-glass/contact", PrivacyContact.Put)
            .Audits("subscription.change")
            .RequireScope("breakglass.review")
            .WithSummary("Set where you, as the organisation's privacy officer, are notified that break-glass was used")
            .AnswersLocation(StatusCodes.Status201Created)
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapGet("/break-glass/contact", PrivacyContact.Get)
            .Audits("subscription.read")
            .RequireScope("breakglass.review")
            .AnswersWith(StatusCodes.Status404NotFound)
            .WithSummary("Read where the organisation's privacy officer is notified");
        app.MapDelete("/break-glass/contact", PrivacyContact.Delete)
            .Audits("subscription.delete")
            .RequireScope("breakglass.review")
            .AnswersWith(StatusCodes.Status404NotFound)
            .WithSummary("Notify the organisation's privacy officer no longer");

        app.MapGet("/events", ListEvents.Handle)
            .AllowAnonymous()
            .WithSummary("The types of events that councils are sent; for everybody");
        app.MapGet("/events/{type}", GetEvent.Handle)
            .AllowAnonymous()
            .WithSummary("One type of event: the JSON Schema of what a webhook is sent, and a sample; for everybody");

        app.MapGet("/ops/councils", CountWaiting.Handle)
            .Audits("ops.councils.read")
            .RequireScope("ops")
            .WithSummary("How many alerts and deliveries wait, for each council");
        app.MapFhirRoutes();

        app.MapPut("/escalations/{code}", PutEscalation.Handle)
            .Audits("escalation.change")
            .RequireScope("rules.write")
            .WithSummary("Set whom to notify of an alert that nobody acknowledges")
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapGet("/escalations/{code}", GetEscalation.Handle)
            .Audits("escalation.read")
            .RequireScope("rules.write")
            .WithSummary("Read whom the hub notifies of an alert that nobody acknowledges");
        app.MapPut("/rules", PutRules.Handle)
            .Audits("rules.change")
            .RequireScope("rules.write")
            .WithSummary("Set your rules for grouping and grading alerts")
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapGet("/rules", GetRules.Handle)
            .Audits("rules.read")
            .RequireScope("rules.write")
            .WithSummary("Read your rules for grouping and grading alerts")
            .WithDescription("404 where there is no such version.")
            .AnswersWith(StatusCodes.Status404NotFound);
        app.MapPost("/rules/dry-run", PreviewRules.Handle)
            .Audits("rules.dry-run")
            .RequireScope("rules.write")
            .WithSummary("What rules would have made of the past 30 days; changes nothing");

        app.MapGet("/deliveries", ListDeliveries.Handle)
            .Audits("deliveries.list")
            .RequireScope("ops")
            .WithSummary("List deliveries of all councils, newest first");
        app.MapGet("/deliveries/{id:guid}/attempts", ListDeliveryAttempts.Handle)
            .Audits("deliveries.attempts.read")
            .RequireScope("ops")
            .WithSummary("List the attempts of a delivery");
        app.MapGet("/endpoints", ListEndpoints.Handle)
            .Audits("endpoint.list")
            .RequireScope("ops")
            .WithSummary("List the endpoints of all councils, failing ones first");
        app.MapGet("/endpoints/reports", ListEndpointReports.Handle)
            .Audits("endpoint.reports.read")
            .RequireScope("ops")
            .WithSummary("When endpoints began to fail, and when they answered again, newest first");
        app.MapPut("/endpoints/{id:guid}/private-networks", OpenPrivateNetworks.Handle)
            .Audits("endpoint.private-networks.change")
            .RequireScope("ops")
            .WithSummary("Let an endpoint be in named private networks")
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapPost("/deliveries/replay", ReplayDeliveries.Handle)
            .Audits("deliveries.replay.ask")
            .RequireScope("ops")
            .WithSummary("Send ended deliveries of a time range again")
            .WithDescription("A dry run counts first; expect must then name its count, else 409 count-differs.")
            .AnswersWith(StatusCodes.Status409Conflict);
        app.MapGet("/deliveries/replays", ListReplays.Handle)
            .Audits("deliveries.replay.list")
            .RequireScope("ops")
            .WithSummary("List replays");
        app.MapPost("/deliveries/replays/{id:guid}/stop", StopReplay.Handle)
            .Audits("deliveries.replay.stop")
            .RequireScope("ops")
            .WithSummary("Stop a replay");
    }
}
