using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Figures;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>A council's alerts in numbers, week by week.</summary>
internal static class GetAlertFigures
{
    private const int MostWeeks = 53;

    internal static async Task<Results<Ok<AlertFigures>, ProblemHttpResult>> Handle(
        Caller caller,
        NotificationDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken,
        int weeks = 13
    )
    {
        if (weeks is < 1 or > MostWeeks)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "weeks-out-of-range",
                $"weeks must be 1 to {MostWeeks}.",
                new FieldError("weeks", $"1 to {MostWeeks}")
            );
        }

        var now = clock.GetUtcNow();
        var monday = AlertFigures.FirstDay(weeks, now).ToDateTime(TimeOnly.MinValue);
        var since = new DateTimeOffset(monday, UkTime.Zone.GetUtcOffset(monday)).ToUniversalTime();
        var alerts = await db
            .Alerts.AsNoTracking()
            .Where(alert =>
                alert.CouncilCode == caller.Organisation && alert.GroupedInto == null && alert.RaisedAt >= since
            )
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(AlertFigures.Count([.. alerts.Select(Facts)], weeks, now));

        FigureFacts Facts(Alert alert) =>
            new(
                alert.RaisedAt!.Value,
                alert.Grade,
                alert.State,
                alert.OpenedAt,
                alert.OverdueAt,
                alert.SettledAt,
                alert.RefusalReason,
                alert.Certainty,
                // Of a restricted child not even in numbers: they may be few.
                alert.IsRestricted || alert.Place is not { } place
                    ? null
                    : sealer.PlaceIn(place, caller.Organisation)?.Setting
            );
    }
}
