using Microsoft.EntityFrameworkCore;
using Safeguarding.PlanRegistry.Domain.BreakGlass;

namespace Safeguarding.PlanRegistry.Storage;

/// <summary>A use of break-glass is found by organisation and id only, so another's cannot even be asked for.</summary>
internal static class LockBreakGlassUse
{
    /// <summary>Locked against a second answer at the same moment; null where it is not the organisation's.</summary>
    public static Task<BreakGlassUse?> LockBreakGlassAsync(
        this PlanRegistryDb db,
        Guid id,
        string organisation,
        CancellationToken cancellationToken
    ) =>
        db
            .BreakGlassUses.FromSql(
                $"SELECT * FROM plan_registry.break_glass_use WHERE id = {id} AND organisation = {organisation} FOR UPDATE"
            )
            .SingleOrDefaultAsync(cancellationToken);
}
