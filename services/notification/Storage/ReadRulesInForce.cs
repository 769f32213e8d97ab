using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Domain.Grouping;

namespace Safeguarding.Notification.Storage;

internal static class ReadRulesInForce
{
    public static async Task<Dictionary<string, RulesInForce>> RulesInForceAsync(
        this NotificationDb db,
        IEnumerable<string> councilCodes,
        CancellationToken cancellationToken
    )
    {
        var codes = councilCodes.Distinct().ToArray();
        var sets = await db
            .NoiseRuleSets.FromSql(
                $"""
                SELECT DISTINCT ON (council_code) * FROM notification.noise_rule_set WHERE council_code = ANY({codes})
                    ORDER BY council_code, version DESC
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        var known = sets.ToDictionary(set => set.CouncilCode, set => new RulesInForce(set.Version, set.Rules));
        return codes.ToDictionary(code => code, code => known.GetValueOrDefault(code) ?? RulesInForce.None);
    }
}
