namespace Safeguarding.Notification.Escalation;

internal static class EscalationHosting
{
    public static void AddEscalation(this WebApplicationBuilder builder) =>
        builder.Services.AddHostedService<EscalateAlerts>();
}
