using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.BreakGlass;

/// <summary>
/// A second person of the organisation confirms a use of break-glass: from then on the first one's look-ups show of a
/// restricted child what they show of others.
/// </summary>
internal static class SecondBreakGlass
{
    public static async Task<Results<Ok<BreakGlassView>, ProblemHttpResult>> Handle(
        Guid id,
        Caller caller,
        PlanRegistryDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockBreakGlassAsync(id, caller.Organisation, cancellationToken) is not { } use)
            return Refusal.NotFound();
        if (use.Second(caller.Person!.Subject, clock.GetUtcNow()) is { } error)
            return BreakGlassRefusal.Of(error);
        db.Audit(caller, "break-glass.second", use.Id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(BreakGlassView.Of(use, clock.GetUtcNow()));
    }
}
