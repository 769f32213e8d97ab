using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Storage;

/// <summary>Whether a council may see where a child is whom another has restricted.</summary>
internal static class PlaceAgreements
{
    /// <returns>The councils that have agreed, of the same child; null where one that must has not.</returns>
    public static async Task<IReadOnlyList<string>?> WhoAgreedAsync(
        this NotificationDb db,
        Alert alert,
        CancellationToken cancellationToken
    )
    {
        var withheldBy = alert.WithheldBy.ToList();
        if (withheldBy is [])
            return [];
        var plans = alert.AllPlans().Select(plan => plan.PlanId).ToList();
        var agreed = await db
            .RegistrationNotices.Where(notice =>
                withheldBy.Contains(notice.CouncilCode)
                && notice.OtherCouncilCode == alert.CouncilCode
                && plans.Contains(notice.OtherPlanId)
                && notice.PlaceAgreedAt != null
            )
            .Select(notice => notice.CouncilCode)
            .Distinct()
            .ToListAsync(cancellationToken);
        return agreed.Count == withheldBy.Count ? agreed : null;
    }
}
