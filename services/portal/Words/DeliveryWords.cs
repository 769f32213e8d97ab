using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Words;

/// <summary>How deliveries and their attempts ended, in words for those who run an endpoint.</summary>
internal static class DeliveryWords
{
    public static string State(DeliveryState state) =>
        state switch
        {
            DeliveryState.Waiting => "Waiting",
            DeliveryState.Delivered => "Delivered",
            DeliveryState.Parked => "Parked",
            _ => "Cancelled",
        };

    public static string StateColour(DeliveryState state) =>
        state switch
        {
            DeliveryState.Waiting => "blue",
            DeliveryState.Delivered => "green",
            DeliveryState.Parked => "red",
            _ => "grey",
        };

    public static string Outcome(AttemptOutcome outcome, int? status) =>
        outcome switch
        {
            AttemptOutcome.Delivered => "Delivered",
            AttemptOutcome.TimedOut => "The endpoint did not answer in time",
            AttemptOutcome.NameNotResolved => "The name of the endpoint does not resolve",
            AttemptOutcome.AddressNotAllowed => "The endpoint’s address is not one that the hub sends to",
            AttemptOutcome.ConnectionFailed => "No connection to the endpoint",
            AttemptOutcome.TlsFailed => "TLS with the endpoint failed",
            AttemptOutcome.TlsCertificateExpired => "The endpoint’s certificate has expired",
            AttemptOutcome.TlsCertificateWrongName => "The endpoint’s certificate is for another name",
            AttemptOutcome.TlsCertificateUnknownIssuer => "The issuer of the endpoint’s certificate is not known",
            AttemptOutcome.AnswerInvalid => "The endpoint’s answer is not HTTP",
            AttemptOutcome.NotReady => "The endpoint says that it is not ready",
            AttemptOutcome.Throttled => "The endpoint asks for fewer requests",
            AttemptOutcome.ServerError => "The endpoint failed",
            AttemptOutcome.Redirected => "The endpoint redirects, which is not followed",
            AttemptOutcome.Gone => "The endpoint is gone",
            _ => "The endpoint refused it",
        } + (status is { } code ? $" (HTTP {code})" : "");

    public static string Channel(string channel) =>
        channel switch
        {
            "webhook" => "Webhook",
            "email" => "E-mail",
            "sms" => "Text message",
            "fhir" => "FHIR Subscription",
            _ => channel,
        };
}
