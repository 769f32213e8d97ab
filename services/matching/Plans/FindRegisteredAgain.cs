using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Names;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Plans;

/// <summary>
/// Finds other councils' plans of the children whose plans were just recorded, as if each child were a patient, and
/// tells of each pair of plans once. The number of statements does not depend on the number of plans.
/// </summary>
public sealed class FindRegisteredAgain(
    MatchingDb db,
    Candidates candidates,
    BlockMacs macs,
    Parameters parameters,
    NamesLearned learned,
    TimeProvider clock
)
{
    /// <remarks>Nobody else may be recording facts of plans meanwhile: of two new plans neither would see the
    /// other.</remarks>
    internal async Task PublishAsync(IReadOnlyList<KeyedUpdate> recorded, CancellationToken cancellationToken)
    {
        if (recorded.Count == 0)
            return;
        var children = recorded.Select(plan => Patient.Of(plan.Subject!, macs)).ToList();
        var found = await candidates.ForAsync(children, Search.Table, cancellationToken);
        var names = learned.Current;
        var (today, pairs) = (clock.Today(), new Dictionary<ChildRegisteredAgain, KeyedUpdate>());
        for (var i = 0; i < recorded.Count; i++)
        {
            var own = found[i].FirstOrDefault(plan => plan.Plan.Id == recorded[i].News.PlanId)?.Plan;
            if (own is null)
                continue;
            var same = SamePerson(children[i], [.. found[i].Where(plan => plan.Plan.CouncilCode != own.CouncilCode)]);
            var restrictors = same.Append(own)
                .Where(plan => plan.Restricted && !plan.IsOver(today))
                .Select(plan => plan.CouncilCode)
                .ToHashSet();
            foreach (var other in same)
            {
                if (RegisteredAgain.Decide(own, other, restrictors, today) is { } pair)
                    pairs.Add(pair, recorded[i]);
            }
        }

        if (pairs.Count == 0)
            return;
        var untold = await db.AddPairsAsync([.. pairs.Keys], cancellationToken);
        foreach (var (pair, plan) in pairs.Where(pair => untold.Contains(pair.Key.PairId)))
            db.Publish(pair, plan.News.Trace);

        List<StoredPlan> SamePerson(Patient child, List<FoundPlan> others)
        {
            var decision = Decide.From(
                child.Person,
                others.ConvertAll(plan => plan.Candidate),
                names.Raise(parameters, child.Names)
            );
            var same = decision
                .Persons.Where(person => person.Outcome is MatchOutcome.Matched)
                .SelectMany(person => person.Plans)
                .Select(plan => plan.PlanId)
                .ToHashSet();
            return others.Select(plan => plan.Plan).Where(plan => same.Contains(plan.Id)).ToList();
        }
    }
}
