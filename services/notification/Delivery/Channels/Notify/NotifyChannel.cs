using System.Net.Mail;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Notify.Client;
using Safeguarding.Hosting.Access;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Delivery.Channels.Notify;

/// <summary>
/// An e-mail or a text message to a duty desk through GOV.UK Notify. It says that there is news, of which alert, and
/// where to open it: nothing of whom or where, because both can be read over a shoulder and are kept by others.
/// </summary>
internal sealed partial class NotifyChannel(string kind, IOptions<NotifyOptions> options, NotifyClient calls) : IChannel
{
    public const string Email = "email";
    public const string Sms = "sms";

    public string Kind => kind;

    public bool CountsEvents => false;

    private string? TemplateId => kind == Email ? options.Value.EmailTemplateId : options.Value.SmsTemplateId;

    public FieldError? Validate(Subscription subscription)
    {
        if (options.Value.ApiKey is null || TemplateId is null)
            return new FieldError("channel", "is not set up at this hub");
        if (
            kind == Email
            && !(
                MailAddress.TryCreate(subscription.Address, out var address) && address.Address == subscription.Address
            )
        )
        {
            return new FieldError("to", "must be an e-mail address");
        }

        if (kind == Sms && !Telephone().IsMatch(subscription.Address))
            return new FieldError("to", "must be a mobile number such as 07700900123 or +447700900123");
        return subscription.Link is null
            ? new FieldError("link", "is needed, so that the message leads to the alert")
            : null;
    }

    public ChannelMessage? Compose(Subscription subscription, Notice notice, DateTimeOffset now) =>
        notice switch
        {
            Notice.OfBreakGlass => OfNoAlert(subscription, "Break-glass was used in your organisation"),
            // For machines.
            Notice.OfAuditRoot => null,
            Notice.Test => OfNoAlert(subscription, "Test of the safeguarding hub: nothing to do"),
            { IsSynthetic: true } => OfNoAlert(
                subscription,
                $"Test of the safeguarding hub, nothing to do. It would say: {NewsOf(notice)}"
            ),
            Notice.OfAlert { Alert: var alert } => Words(
                NewsOf(notice)!,
                alert.Id.ToString(),
                subscription.Link!.Replace("{alert}", alert.Id.ToString(), StringComparison.Ordinal),
                alert.IsRestricted ? "" : string.Join('\n', alert.Why ?? [])
            ),
            _ => NewsOf(notice) is { } news ? OfNoAlert(subscription, news) : null,
        };

    private static string? NewsOf(Notice notice) =>
        notice switch
        {
            Notice.OfAlert { Alert.News: AlertNews.Raised } => "New safeguarding alert",
            Notice.OfAlert { Alert.News: AlertNews.Amended } => "Safeguarding alert changed",
            Notice.OfAlert => "Safeguarding alert withdrawn: disregard it",
            Notice.OfEndpoint { Outcome: null } answers => $"Subscription {answers.Subscription} answers again",
            Notice.OfEndpoint fails => $"Subscription {fails.Subscription} fails: alerts wait for it",
            Notice.OfReview { Review.Overdue: true } => "A question about a child is overdue and nobody has taken it",
            Notice.OfReview => "A question about a child waits for you",
            Notice.OfUpload => "An upload of your register waits for your confirmation",
            Notice.OfRegistration { Registration.IsRegistrant: true } =>
                "Another council has a child that you registered",
            Notice.OfRegistration => "Another council has registered a child of yours",
            Notice.OfPlaceAgreement { Agreed: true } => "Another council lets you see where a child of yours is",
            Notice.OfPlaceAgreement => "Another council no longer lets you see where a child of yours is",
            Notice.OfLookup => "A child on a plan of yours was looked up in unscheduled care",
            _ => null,
        };

    /// <summary>Not the address: it may be a person's.</summary>
    public string Shown(string address) => kind;

    public async Task<Answer> SendAsync(Outgoing message, CancellationToken cancellationToken)
    {
        // Set up when the subscription was made, and not any more: an operator can fix that, the council cannot.
        if (options.Value.ApiKey is not { } key || TemplateId is not { } template)
            return new Answer(AttemptOutcome.NotReady);
        var words = JsonSerializer.Deserialize<Dictionary<string, object>>(message.Body, HubJson.Options)!;
        using var call = calls.Open();
        var client = new NotificationClient(call, key);
        // The client waits for the answer on the thread that asks, so it gets one of its own.
        await Task
            .Factory.StartNew(
                () =>
                    kind == Email
                        ? (Task)client.SendEmailAsync(message.To.Address, template, Fields(words), message.Id)
                        : client.SendSmsAsync(message.To.Address, template, Fields(words), message.Id),
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .Unwrap();
        return call.Answer;
    }

    private static Dictionary<string, dynamic> Fields(Dictionary<string, object> words) =>
        words.ToDictionary(word => word.Key, word => (dynamic)word.Value.ToString()!);

    private ChannelMessage OfNoAlert(Subscription subscription, string news) =>
        Words(news, "none", LinkTo(subscription));

    // A template that asks for a field which is not sent is refused, so an e-mail has all of them, always.
    private ChannelMessage Words(string news, string alert, string link, string why = "")
    {
        var words = new Dictionary<string, string>
        {
            ["news"] = news,
            ["alert"] = alert,
            ["link"] = link,
        };
        if (kind == Email)
            words["why"] = why;
        // The link is the council's, and what opens its case system may stand in it.
        return new ChannelMessage(JsonSerializer.SerializeToUtf8Bytes(words, HubJson.Options), IsSealed: true);
    }

    private static string LinkTo(Subscription subscription) =>
        new Uri(subscription.Link!.Replace("{alert}", "", StringComparison.Ordinal)).GetLeftPart(UriPartial.Authority);

    [GeneratedRegex(@"^(07[0-9]{9}|\+[1-9][0-9]{9,14})$", RegexOptions.CultureInvariant)]
    private static partial Regex Telephone();
}
