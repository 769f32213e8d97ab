using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Hours;
using Safeguarding.PlanRegistry.Domain.BreakGlass;
using Safeguarding.PlanRegistry.Domain.Lookups;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Lookups;

/// <summary>
/// A person looks a child up, by NHS number or by traits: what every route that does so comes to. The audit, the
/// history and the event for the councils are of one transaction.
/// </summary>
internal sealed class LookUp(PlanRegistryDb db, FindByTraits find, BankHolidays england, TimeProvider clock)
{
    private const int MostAccesses = 25;
    private static readonly TimeSpan CountedOnceWithin = TimeSpan.FromHours(24);

    // The CP-IS guide asks for plans and for the history in two calls, and a person clicks twice.
    private static readonly TimeSpan SameLookWithin = TimeSpan.FromMinutes(5);

    public async Task<LookupAnswer> ByNumberAsync(
        NhsNumber number,
        LookupDecision.Allowed allowed,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var macs = find.MacsOf(number);
        var plans = number.IsNobodys ? [] : await find.UnderAsync(macs, UkTime.Day(now), cancellationToken);
        var restricting = await find.RestrictingAsync(plans, UkTime.Day(now), cancellationToken);
        return await AnswerAsync(new FoundPlans(macs, plans, [], restricting), allowed, caller, now, cancellationToken);
    }

    /// <returns>Null where more are born on that day than can be compared.</returns>
    public async Task<LookupAnswer?> ByTraitsAsync(
        PersonTraits traits,
        LookupDecision.Allowed allowed,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        return await find.FindAsync(traits, UkTime.Day(now), cancellationToken) is { } found
            ? await AnswerAsync(found, allowed, caller, now, cancellationToken)
            : null;
    }

    private async Task<LookupAnswer> AnswerAsync(
        FoundPlans found,
        LookupDecision.Allowed allowed,
        Caller caller,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (macs, plans, mayBe, restricting) = found;
        var restricted = restricting.Count > 0 || plans.Exists(plan => plan.Restricted);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var use = allowed.Reason is null
            ? null
            : await BreakGlassAsync(macs, allowed.Reason, caller, now, cancellationToken);
        var asked = new Asked(
            Shown.Plan,
            allowed.Organisation,
            Relationship.None,
            allowed.Purpose,
            restricted,
            use?.Broken ?? GlassBroken.No
        );
        var shown = plans
            .Select(plan =>
                (
                    Plan: plan,
                    Extent: DecideDisclosure.Decide(
                        asked with
                        {
                            Relationship =
                                plan.CouncilCode == caller.Organisation ? Relationship.OwnPlan : Relationship.None,
                        }
                    )
                )
            )
            .Where(one => one.Extent is not Extent.Nothing)
            .ToList();
        var isUnscheduled = allowed.Kind is LookupKind.Unscheduled;
        var notified = isUnscheduled ? Notified(plans, caller) : [];
        if (isUnscheduled && plans.Count > 0)
            await RecordAsync(macs, [.. plans, .. restricting], notified, restricted, caller, now, cancellationToken);
        Audit(allowed, caller, [.. shown.Select(one => one.Plan)], mayBe, restricted ? [] : notified);
        if (isUnscheduled && restricted)
            AuditForCouncils([.. plans, .. restricting], notified, caller, now);
        await db.SaveChangesAsync(cancellationToken);
        var accesses =
            shown.Count > 0 && DecideDisclosure.Decide(asked with { What = Shown.LookupHistory }) is Extent.Whole
                ? await HistoryAsync(macs, cancellationToken)
                : [];
        await transaction.CommitAsync(CancellationToken.None);

        var possible = mayBe
            .Select(plan => plan.CouncilCode)
            .Except(shown.Select(one => one.Plan.CouncilCode))
            .Order(StringComparer.Ordinal)
            .ToList();
        var codes = shown.Select(one => one.Plan.CouncilCode).Union(possible).ToList();
        var councils = await db
            .Councils.AsNoTracking()
            .Where(council => codes.Contains(council.Code))
            .ToDictionaryAsync(council => council.Code, cancellationToken);
        return new LookupAnswer(
            allowed.Kind,
            now,
            [
                .. shown.Select(one =>
                    FoundPlan.Of(
                        one.Plan,
                        one.Extent,
                        restricted,
                        councils.GetValueOrDefault(one.Plan.CouncilCode),
                        england,
                        now
                    )
                ),
            ],
            [.. possible.Select(code => PossibleCouncil.Of(code, councils.GetValueOrDefault(code), england, now))],
            accesses,
            use is null ? null : new BreakGlassAnswer(use.Id, use.Until, use.Broken is GlassBroken.ByTwo)
        );
    }

    // Whoever looks again within the half hour goes on with the same use: it is judged once.
    private async Task<BreakGlassUse> BreakGlassAsync(
        IReadOnlyList<byte[]> macs,
        string reason,
        Caller caller,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var person = caller.Person!;
        // Two look-ups at the same moment would both begin one.
        await db.Database.ExecuteSqlAsync(
            $"SELECT pg_advisory_xact_lock(hashtextextended({person.Subject} || encode({macs[0]}, 'hex'), 2))",
            cancellationToken
        );
        var running = await db
            .BreakGlassUses.Where(use =>
                use.Person == person.Subject
                && use.Organisation == caller.Organisation
                && macs.Contains(use.NhsNumberMac)
                && use.Until > now
            )
            .OrderByDescending(use => use.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (running is not null)
            return running;
        var begun = new BreakGlassUse
        {
            Id = Guid.CreateVersion7(now),
            Organisation = caller.Organisation,
            Person = person.Subject,
            Role = person.Role,
            NhsNumberMac = macs[0],
            Reason = reason,
            At = now,
            Until = now + BreakGlassUse.Lasts,
        };
        db.Add(begun);
        db.Audit(caller, "break-glass.use", begun.Id, reason: reason);
        db.Publish(new BreakGlassUsed(begun.Id, begun.Organisation, now));
        return begun;
    }

    // A plan that has ended notifies nobody, as in matching; a council that looks knows that it does.
    private static string[] Notified(List<Plan> plans, Caller caller) =>
        [
            .. plans
                .Where(plan => plan.EndDate is null && plan.CouncilCode != caller.Organisation)
                .Select(plan => plan.CouncilCode)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private async Task RecordAsync(
        IReadOnlyList<byte[]> macs,
        List<Plan> plans,
        string[] notified,
        bool restricted,
        Caller caller,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // Two look-ups at the same moment would both count.
        await db.Database.ExecuteSqlAsync(
            $"SELECT pg_advisory_xact_lock(hashtextextended(encode({macs[0]}, 'hex'), 1))",
            cancellationToken
        );
        var person = caller.Person!;
        var (since, same) = (now - CountedOnceWithin, now - SameLookWithin);
        var before = db.Lookups.Where(one =>
            macs.Contains(one.NhsNumberMac)
            && one.Viewer == person.Subject
            && one.Organisation == caller.Organisation
            && one.At > since
        );
        if (await before.AnyAsync(one => one.At > same, cancellationToken))
            return;
        // Of a restricted child nothing that leaves here says the time of day, and an id of version 7 would.
        var told = restricted ? now.DayOnly() : now;
        var lookup = new Lookup
        {
            Id = Guid.CreateVersion7(told),
            At = now,
            NhsNumberMac = macs[0],
            Organisation = caller.Organisation,
            Role = person.Role,
            Viewer = person.Subject,
            Counts = !await before.AnyAsync(one => one.Counts, cancellationToken),
            PlanIds = [.. plans.Select(plan => plan.Id)],
            Councils = notified,
        };
        db.Add(lookup);
        foreach (var council in notified)
        {
            db.Publish(
                new PlanLookedUp(
                    lookup.Id,
                    council,
                    [
                        .. plans
                            .Where(plan => plan.CouncilCode == council && plan.EndDate is null)
                            .Select(plan => plan.Id),
                    ],
                    told,
                    restricted ? null : lookup.Organisation,
                    restricted ? null : lookup.Role
                )
            );
        }
    }

    private void Audit(
        LookupDecision.Allowed allowed,
        Caller caller,
        List<Plan> shown,
        IReadOnlyList<Plan> mayBe,
        string[] concerning
    )
    {
        var act = allowed.Kind is LookupKind.Unscheduled ? "lookup.read" : "lookup.scheduled.read";
        foreach (var plan in shown)
        {
            db.Audit(
                caller,
                act,
                plan.Id,
                reason: allowed.Reason,
                purpose: allowed.PurposeAsSaid,
                concerning: concerning.Where(plan.CouncilCode.Equals)
            );
        }

        // A question is no match: whether it concerns that council is not certain, so it is not notified of it.
        foreach (var plan in mayBe)
            db.Audit(caller, act, plan.Id, purpose: allowed.PurposeAsSaid);
        if (shown is [] && mayBe is [])
        {
            db.Audit(
                caller,
                act,
                Guid.Empty,
                reason: allowed.Reason,
                purpose: allowed.PurposeAsSaid,
                outcome: AuditOutcome.Empty
            );
        }
    }

    // In the caller's record is who looked and when. What the council that restricted first, and those that are
    // notified, find in their audit is the hub's, of the day, and names neither the caller nor another council.
    private void AuditForCouncils(List<Plan> plans, string[] notified, Caller caller, DateTimeOffset now)
    {
        var first = plans.Where(plan => plan.Restricted).MinBy(plan => plan.Id)!.CouncilCode;
        foreach (var council in notified.Append(first).Distinct().Where(council => council != caller.Organisation))
        {
            db.Audit(
                Caller.Hub,
                "lookup.restricted.read",
                plans.First(plan => plan.CouncilCode == council).Id,
                concerning: [council],
                at: now.DayOnly()
            );
        }
    }

    private async Task<IReadOnlyList<LookupAccess>> HistoryAsync(
        IReadOnlyList<byte[]> macs,
        CancellationToken cancellationToken
    ) =>
        await db
            .Lookups.Where(lookup => macs.Contains(lookup.NhsNumberMac) && lookup.Counts)
            .OrderByDescending(lookup => lookup.At)
            .ThenByDescending(lookup => lookup.Id)
            .Take(MostAccesses)
            .Select(lookup => new LookupAccess(lookup.At, lookup.Organisation, lookup.Role))
            .ToListAsync(cancellationToken);
}
