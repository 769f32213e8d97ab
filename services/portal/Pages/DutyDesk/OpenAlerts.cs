using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Pages.DutyDesk;

/// <summary>What nobody has settled yet, the gravest and oldest first.</summary>
internal static class OpenAlerts
{
    private const int AtOnce = 200;

    public static async Task<IReadOnlyList<AlertView>> ReadAsync(
        Notification.Client alerts,
        CancellationToken cancellationToken
    )
    {
        var raised = ReadAsync(alerts, "raised", cancellationToken);
        var delivered = await ReadAsync(alerts, "delivered", cancellationToken);
        return
        [
            .. (await raised).Concat(delivered).OrderByDescending(alert => alert.Grade).ThenBy(alert => alert.RaisedAt),
        ];
    }

    private static async Task<List<AlertView>> ReadAsync(
        Notification.Client alerts,
        string state,
        CancellationToken cancellationToken
    )
    {
        var found = new List<AlertView>();
        Guid? before = null;
        do
        {
            var page = await alerts.ListAlertsAsync(
                state: state,
                before: before,
                limit: AtOnce,
                cancellationToken: cancellationToken
            );
            found.AddRange(page.Alerts);
            before = page.Before;
        } while (before is not null);
        return found;
    }
}
