namespace Safeguarding.Notification.Delivery.Escalation;

internal static class EscalationRegistration
{
    public static void AddEscalation(this WebApplicationBuilder builder) =>
        builder.Services.AddHostedService<EscalateAlerts>();
}
