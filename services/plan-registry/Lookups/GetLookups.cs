using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Lookups;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Lookups;

/// <summary>A look-up in unscheduled care of a child that a council has a running plan for.</summary>
/// <param name="LookupId">As the council was notified of it.</param>
/// <param name="At">When; of a restricted child only the day.</param>
/// <param name="Restricted">A council has restricted a plan of this child.</param>
/// <param name="Plans">References of the council's own plans.</param>
/// <param name="Organisation">ODS, GSS or force code; absent of a restricted child.</param>
/// <param name="Role">The person's role there; absent of a restricted child.</param>
internal sealed record LookupView(
    Guid LookupId,
    DateTimeOffset At,
    bool Restricted,
    IReadOnlyList<string> Plans,
    string? Organisation,
    string? Role
);

/// <param name="Lookups">Newest first; those of restricted children at the beginning of their day.</param>
/// <param name="More">Whether there are older ones: ask again with <c>before</c> of the last.</param>
internal sealed record LookupsPage(IReadOnlyList<LookupView> Lookups, bool More);

/// <summary>
/// A council reads who looked its children up. Of a restricted child, where and when is a call of its
/// own.
/// </summary>
internal static class GetLookups
{
    private const int APage = 100;

    public static async Task<Ok<LookupsPage>> List(
        Guid? before,
        string? plan,
        Caller caller,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    )
    {
        var found = await OwnLookups(caller, db)
            .Where(lookup =>
                (before == null || lookup.Id < before)
                && (
                    plan == null
                    || db.Plans.Any(own =>
                        own.CouncilCode == caller.Organisation
                        && own.Reference == plan
                        && lookup.PlanIds.Contains(own.Id)
                    )
                )
            )
            .OrderByDescending(lookup => lookup.Id)
            .Take(APage + 1)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(
            new LookupsPage(
                await ViewAsync([.. found.Take(APage)], whole: false, caller, db, cancellationToken),
                found.Count > APage
            )
        );
    }

    public static async Task<Results<Ok<LookupView>, ProblemHttpResult>> One(
        Guid id,
        Caller caller,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    ) =>
        await OwnLookups(caller, db).SingleOrDefaultAsync(lookup => lookup.Id == id, cancellationToken) is { } lookup
            ? TypedResults.Ok((await ViewAsync([lookup], whole: false, caller, db, cancellationToken))[0])
            : Refusal.NotFound();

    public static async Task<Results<Ok<LookupView>, ProblemHttpResult>> Place(
        Guid id,
        Caller caller,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    )
    {
        if (await OwnLookups(caller, db).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } lookup)
            return Refusal.NotFound();

        // Of several councils that restrict, the first may see it: whoever comes later may be looking for the child.
        var decides = await Restricting(lookup, db)
            .OrderBy(plan => plan.Id)
            .Select(plan => plan.CouncilCode)
            .FirstOrDefaultAsync(cancellationToken);
        var asked = Asked.OfOwnChild(
            Shown.PlaceByItself,
            restricted: decides is not null,
            byAnother: decides != caller.Organisation
        );
        if (DecideDisclosure.Decide(asked) is not Extent.Whole)
        {
            return Refusal.Problem(
                StatusCodes.Status403Forbidden,
                "place-withheld",
                "Where this child was is withheld, because another council has restricted the child's plan."
            );
        }

        db.Audit(caller, "lookup.place.read", lookup.Id);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok((await ViewAsync([lookup], whole: true, caller, db, cancellationToken))[0]);
    }

    /// <summary>Those of one person, oldest first; of a restricted child neither where nor when.</summary>
    internal static async Task<List<LookupView>> OfPersonAsync(
        IReadOnlyList<byte[]> macs,
        IReadOnlyList<Guid> plans,
        Caller caller,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    ) =>
        await ViewAsync(
            await OwnLookups(caller, db)
                .Where(lookup => macs.Contains(lookup.NhsNumberMac) || lookup.PlanIds.Any(plan => plans.Contains(plan)))
                .OrderBy(lookup => lookup.Id)
                .ToListAsync(cancellationToken),
            whole: false,
            caller,
            db,
            cancellationToken
        );

    private static IQueryable<Lookup> OwnLookups(Caller caller, PlanRegistryDb db) =>
        db.Lookups.AsNoTracking().Where(lookup => lookup.Councils.Contains(caller.Organisation));

    private static IQueryable<Domain.Plans.Plan> Restricting(Lookup lookup, PlanRegistryDb db) =>
        db.Plans.Where(plan =>
            plan.Restricted
            && plan.DeletedAt == null
            && (plan.NhsNumberMac == lookup.NhsNumberMac || lookup.PlanIds.Contains(plan.Id))
        );

    private static async Task<List<LookupView>> ViewAsync(
        List<Lookup> lookups,
        bool whole,
        Caller caller,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    )
    {
        var ids = lookups.SelectMany(lookup => lookup.PlanIds).Distinct().ToList();
        var macs = lookups.ConvertAll(byte[]? (lookup) => lookup.NhsNumberMac);
        var plans = await db
            .Plans.Where(plan => plan.DeletedAt == null && (ids.Contains(plan.Id) || macs.Contains(plan.NhsNumberMac)))
            .Select(plan => new
            {
                plan.Id,
                plan.CouncilCode,
                plan.Reference,
                plan.Restricted,
                plan.NhsNumberMac,
            })
            .ToListAsync(cancellationToken);
        return lookups.ConvertAll(lookup =>
        {
            var restricted = plans.Exists(plan =>
                plan.Restricted
                && (lookup.PlanIds.Contains(plan.Id) || lookup.NhsNumberMac.AsSpan().SequenceEqual(plan.NhsNumberMac))
            );
            var shown = whole || DecideDisclosure.Decide(Asked.OfOwnChild(Shown.Place, restricted)) is Extent.Whole;
            return new LookupView(
                lookup.Id,
                shown ? lookup.At : lookup.At.DayOnly(),
                restricted,
                [
                    .. plans
                        .Where(plan => lookup.PlanIds.Contains(plan.Id) && plan.CouncilCode == caller.Organisation)
                        .Select(plan => plan.Reference)
                        .Order(StringComparer.Ordinal),
                ],
                shown ? lookup.Organisation : null,
                shown ? lookup.Role : null
            );
        });
    }
}
