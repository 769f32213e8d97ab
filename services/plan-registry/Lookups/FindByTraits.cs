using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.PlanRegistry.Domain.Lookups;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Lookups;

/// <summary>What a look-up found, before it is decided how much of it is shown.</summary>
/// <param name="Macs">What holds the history of look-ups of this child together, under the current key first.</param>
/// <param name="Plans">The child's.</param>
/// <param name="MayBe">Plans of others who may be the child.</param>
/// <param name="Restricting">Restricted plans, not under the number, that may be the child's: shown to nobody, and the
/// child is shown as a restricted one.</param>
internal sealed record FoundPlans(
    IReadOnlyList<byte[]> Macs,
    List<Plan> Plans,
    IReadOnlyList<Plan> MayBe,
    IReadOnlyList<Plan> Restricting
);

/// <summary>
/// Finds the plans of a child by names and birth date. Who was born on that day, or on the one with day and month
/// swapped, is a candidate; the rules of matching decide between them.
/// </summary>
internal sealed class FindByTraits(PlanRegistryDb db, Sealer sealer, Parameters parameters)
{
    // Of a register of 250,000 some 40 are born on one day, and on a 1 January, which stands for a day that is not
    // known, up to a thousand. Each is opened and compared.
    private const int MostCandidates = 2000;
    private const int MostPlans = 100;

    /// <returns>Null where more are born on that day than can be compared.</returns>
    public async Task<FoundPlans?> FindAsync(PersonTraits traits, DateOnly today, CancellationToken cancellationToken)
    {
        var macs = MacsOf(traits.BirthDate!.Value);
        var rows = await db.Shown(today)
            .Where(plan => macs.Contains(plan.BirthDateMac))
            .OrderBy(plan => plan.Id)
            .Take(MostCandidates + 1)
            .ToListAsync(cancellationToken);
        if (rows.Count > MostCandidates)
            return null;

        var found = rows.ConvertAll(Open);
        var likely = DecideByTraits.From(traits, today, found, parameters);
        var underNumber = new Dictionary<NhsNumber, List<Plan>>();
        foreach (var number in likely.Select(one => one.Plan.Number).OfType<NhsNumber>().Distinct())
            underNumber[number] = await UnderAsync(MacsOf(number), today, cancellationToken);
        List<OpenedPlan> restricted =
        [
            .. found
                .Select(one => one.Plan)
                .Concat(underNumber.Values.SelectMany(plans => plans))
                .Where(plan => plan.Restricted)
                .DistinctBy(plan => plan.Id)
                .Select(Open),
        ];
        var shown = likely.Where(one => !DecideByTraits.MayBeRestricted(one.Plan, restricted, parameters)).ToList();

        var certain = shown.Where(one => one.IsCertain).Select(one => one.Plan).ToList();
        // Two numbers are two children, and only one of them is asked for.
        if (certain.Select(plan => plan.Number).OfType<NhsNumber>().Distinct().Count() > 1)
            certain = [];
        var child = certain.Select(plan => plan.Number).OfType<NhsNumber>().Cast<NhsNumber?>().FirstOrDefault();
        var plans = certain
            .Select(one => one.Plan)
            .Concat(child is { } own ? underNumber[own] : [])
            .DistinctBy(plan => plan.Id)
            .OrderByDescending(plan => plan.StartDate)
            .ThenBy(plan => plan.Id)
            .ToList();
        return new FoundPlans(
            child is { } known ? MacsOf(known)
                : plans is [] ? []
                : sealer.MacsForSearch(SealedFacts.Purpose.NhsNumber, $"plan {plans.Min(plan => plan.Id)}"),
            plans,
            [.. shown.Select(one => one.Plan.Plan).ExceptBy(plans.Select(plan => plan.Id), plan => plan.Id)],
            []
        );
    }

    /// <summary>
    /// Restricted plans that may be of the child of these: another council may have registered it without the number.
    /// By the rule that keeps such a child from being found by traits.
    /// </summary>
    public async Task<IReadOnlyList<Plan>> RestrictingAsync(
        IReadOnlyList<Plan> plans,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        if (plans.Count == 0 || plans.Any(plan => plan.Restricted))
            return [];
        var opened = plans.Select(Open).ToList();
        byte[][] macs =
        [
            .. plans
                .Select(plan => sealer.Open(plan.SealedSubject).BirthDate)
                .OfType<DateOnly>()
                .Distinct()
                .SelectMany(MacsOf),
        ];
        var restricted = await db.Shown(today)
            .Where(plan => plan.Restricted && macs.Contains(plan.BirthDateMac))
            .OrderBy(plan => plan.Id)
            .Take(MostCandidates)
            .ToListAsync(cancellationToken);
        return
        [
            .. restricted
                .Select(Open)
                .Where(other => opened.Exists(plan => DecideByTraits.MayBeRestricted(plan, [other], parameters)))
                .Select(other => other.Plan),
        ];
    }

    /// <summary>The plans of all councils under one number.</summary>
    public Task<List<Plan>> UnderAsync(
        IReadOnlyList<byte[]> macs,
        DateOnly today,
        CancellationToken cancellationToken
    ) =>
        db.Shown(today)
            .Where(plan => macs.Contains(plan.NhsNumberMac))
            .OrderByDescending(plan => plan.StartDate)
            .ThenBy(plan => plan.Id)
            .Take(MostPlans)
            .ToListAsync(cancellationToken);

    public IReadOnlyList<byte[]> MacsOf(NhsNumber number) =>
        sealer.MacsForSearch(SealedFacts.Purpose.NhsNumber, number.Reveal());

    private IReadOnlyList<byte[]> MacsOf(DateOnly born)
    {
        DateOnly[] days =
            born.Day <= 12 && born.Day != born.Month ? [born, new(born.Year, born.Day, born.Month)] : [born];
        return
        [
            .. days.SelectMany(day =>
                sealer.MacsForSearch(SealedFacts.Purpose.BirthDate, SealedFacts.BirthDateText(day))
            ),
        ];
    }

    private OpenedPlan Open(Plan plan) => OpenedPlan.Of(plan, sealer.Open(plan.SealedSubject));
}
