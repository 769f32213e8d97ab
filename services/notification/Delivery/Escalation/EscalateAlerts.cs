using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Hours;
using Safeguarding.Messaging.Storage;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Delivery.Escalation;

/// <summary>
/// Looks each second for steps that time has made due; the schedule itself lies in Postgres and outlives this
/// process.
/// </summary>
internal sealed partial class EscalateAlerts(
    IServiceScopeFactory scopes,
    BankHolidays england,
    TimeProvider clock,
    ILogger<EscalateAlerts> logger
) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(1);
    private const int HolidaysShortDays = 90;

    private DateTimeOffset _countDue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(HolidaysShortDays) > england.Last)
            HolidaysEnd(logger, england.Last);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TakeAsync(stoppingToken);
            }
            // Whatever else is wrong with one pass, the next must come: the steps are still due.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(logger, TransientFaults.Name(exception));
            }
            await Task.Delay(Poll, clock, stoppingToken);
        }
    }

    private async Task TakeAsync(CancellationToken stoppingToken)
    {
        int taken;
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            taken = await ActivatorUtilities
                .CreateInstance<TakeDueSteps>(scope.ServiceProvider)
                .TakeAsync(stoppingToken);
        } while (taken > 0);

        var now = clock.GetUtcNow();
        if (now < _countDue && _countDue - now <= CountEvery)
            return;
        _countDue = now + CountEvery;
        await using var counting = scopes.CreateAsyncScope();
        var db = counting.ServiceProvider.GetRequiredService<NotificationDb>();
        await ResetSkewedSchedulesAsync(db, now, stoppingToken);
        EscalationMetrics.Overdue(
            await db
                .Alerts.Where(alert =>
                    (alert.State == AlertState.Raised || alert.State == AlertState.Delivered) && alert.OverdueAt <= now
                )
                .GroupBy(alert => alert.CouncilCode)
                .ToDictionaryAsync(alerts => alerts.Key, alerts => alerts.LongCount(), stoppingToken)
        );
    }

    // An alert that is opened later than now was opened by a clock that ran ahead: its steps would come that much too
    // late.
    private static async Task ResetSkewedSchedulesAsync(
        NotificationDb db,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH ahead AS (
                UPDATE notification.alert SET overdue_at = {now} + (overdue_at - opened_at), opened_at = {now}
                WHERE state IN ('Raised', 'Delivered') AND opened_at > {now + ClocksDiffer}
                RETURNING id)
            UPDATE notification.escalation_step AS step SET due_at = {now} + make_interval(mins => after_minutes)
            FROM ahead WHERE step.alert_id = ahead.id AND step.state = 'Waiting'
            """,
            cancellationToken
        );

    [LoggerMessage(Level = LogLevel.Error, Message = "Escalation steps cannot be taken ({Failure}); trying again")]
    private static partial void Failed(ILogger logger, string failure);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The file of bank holidays ends on {Last}: fetch a newer one from gov.uk"
    )]
    private static partial void HolidaysEnd(ILogger logger, DateOnly last);
}
