namespace Safeguarding.Notification.Domain.Subscriptions;

/// <summary>
/// An organisation's privacy officer receives notices as a council does, under a name of its own: no route that keeps
/// or lists the organisation's subscriptions reaches the officer's, and no alert goes there.
/// </summary>
internal static class PrivacyOfficer
{
    public const string Subscription = "privacy-officer";

    /// <summary>The hub's own officer, who is notified for organisations that have said no address.</summary>
    public static string OfHub { get; } = RecipientOf("HUB");

    /// <summary>Stands where a subscription has its council.</summary>
    public static string RecipientOf(string organisation) => $"{organisation}/{Subscription}";
}
