using System.Globalization;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Bench.Linkage;

/// <summary>
/// Writes a line for each attendance of a child on the register: what was decided, and why. Two files of one seed, laid
/// beside each other, show pair by pair what a change of the rules wins and loses.
/// </summary>
internal static class TruePairs
{
    public static void Write(string file, List<Answer> results, Register register, HashSet<int> registered)
    {
        using var text = new StreamWriter(file);
        for (var i = 0; i < results.Count; i++)
        {
            if (registered.Contains(results[i].Query.Child.Id))
                text.WriteLine($"{i}\t{Line(results[i], register)}");
        }
    }

    private static string Line(Answer answer, Register register)
    {
        var verdict = answer.Judged(register);
        var decided =
            verdict.MatchedSelf ? "match"
            : verdict.ReviewsSelf ? "review"
            : "lost";
        var strata = string.Join(", ", answer.Query.Strata);
        var own = answer.Decision.Persons.FirstOrDefault(person =>
            person.Plans.Any(plan => register.ChildOf(plan.PlanId) == answer.Query.Child)
        );
        if (own is null)
        {
            var found = answer.Candidates.Any(plan => register.ChildOf(plan.PlanId) == answer.Query.Child);
            return $"{decided}\t\t{strata}\t{(found ? "too unlikely to name" : "not found by the look-up")}";
        }

        var evidence = own.Outcome.Evidence;
        var posterior = evidence.Posterior.ToString("F6", CultureInfo.InvariantCulture);
        return $"{decided}\t{posterior}\t{strata}\t{string.Join(", ", evidence.Traits.Select(Trait))}";
    }

    private static string Trait(TraitEvidence trait) =>
        string.Create(CultureInfo.InvariantCulture, $"{trait.Trait} {trait.Level} {trait.Bits:+0.0;-0.0}");
}
