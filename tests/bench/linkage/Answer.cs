using System.Diagnostics;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Bench.Linkage;

/// <summary>What the rules said to one attendance.</summary>
internal sealed record Answer(
    Attendance Query,
    Person Patient,
    IReadOnlyList<Candidate> Candidates,
    Decision Decision,
    double Micros
)
{
    public static Answer Of(Attendance query, RegisterIndex index, Parameters parameters)
    {
        var patient = Person.From(query.Written, query.Setting);
        var start = Stopwatch.GetTimestamp();
        var candidates = index.Find(patient).Found;
        var decision = Decide.From(patient, candidates, parameters);
        return new(query, patient, candidates, decision, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
    }

    public Verdict Judged(Register register) =>
        VerdictOf(
            Query.Child,
            Decision
                .Persons.Where(person => person.Outcome is MatchOutcome.Matched)
                .SelectMany(person => person.Plans)
                .Select(plan => plan.PlanId),
            Decision
                .Persons.Where(person => person.Outcome is MatchOutcome.NeedsReview)
                .SelectMany(person => person.Plans)
                .Select(plan => plan.PlanId),
            register
        );

    public static Verdict VerdictOf(
        Child child,
        IEnumerable<Guid> matched,
        IEnumerable<Guid> inReview,
        Register register
    )
    {
        bool self = false,
            sibling = false,
            stranger = false;
        foreach (var plan in matched)
        {
            var other = register.ChildOf(plan);
            self |= other == child;
            sibling |= other is not null && other != child && other.Home == child.Home;
            stranger |= other is null || other.Home != child.Home;
        }

        var reviews = inReview.ToList();
        return new(self, reviews.Exists(plan => register.ChildOf(plan) == child), sibling, stranger, reviews.Count > 0);
    }
}
