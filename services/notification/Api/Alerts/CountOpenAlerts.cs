using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>How many alerts wait for the council, without showing one of them.</summary>
internal static class CountOpenAlerts
{
    internal static async Task<Ok<Count>> Handle(
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var count = await db
            .Alerts.Where(alert =>
                alert.CouncilCode == caller.Organisation
                && (alert.State == AlertState.Raised || alert.State == AlertState.Delivered)
                && alert.RaisedAt != null
            )
            .GroupBy(_ => 1)
            .Select(open => new Count(open.Count(), open.Count(alert => alert.OverdueAt <= now)))
            .SingleOrDefaultAsync(cancellationToken);
        return TypedResults.Ok(count ?? new Count(0, 0));
    }

    /// <param name="Open">Nobody has acknowledged or refused them.</param>
    /// <param name="Overdue">Of these, those that nobody has settled in time.</param>
    internal sealed record Count(int Open, int Overdue);
}
