namespace Safeguarding.Notification.Delivery.Escalation;

internal static class EscalationHosting
{
    public static void AddEscalation(this WebApplicationBuilder builder) =>
        builder.Services.AddHostedService<EscalateAlerts>();
}
