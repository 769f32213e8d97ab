using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// Decides which person on the register, if any, a patient is. Each candidate, the housemates of each candidate, and "a stranger"
/// share one unit of probability, so that two near-equal twins both fall to a half and go to review by arithmetic.
/// </summary>
public static class Decide
{
    private const double RivalFloor = 0.001;
    private const int MostRivals = 3;

    /// <summary>Decides. The order of the candidates does not matter.</summary>
    public static Decision From(Person patient, IReadOnlyList<Candidate> candidates, Parameters parameters)
    {
        var ordered = candidates.OrderBy(candidate => candidate.PlanId).ToList();
        var prior = parameters.Register;
        var priorBits = Math.Log2(prior.OnRegister / prior.Size);
        var persons = Suspects(patient, ordered, parameters, priorBits);

        double housemates = 0;
        foreach (var person in persons)
        {
            person.Same = prior.OnRegister / prior.Size * double.Exp2(person.Weight.Bits);
            housemates += prior.Housemate / prior.Size * double.Exp2(person.Weight.HousemateBits);
        }

        var nobody = 1 - prior.OnRegister - prior.Housemate + housemates;
        var total = persons.Sum(person => person.Same) + nobody;
        foreach (var person in persons)
            person.Posterior = person.Same / total;

        persons.Sort((left, right) => right.Posterior != left.Posterior
            ? right.Posterior.CompareTo(left.Posterior)
            : left.Plans[0].PlanId.CompareTo(right.Plans[0].PlanId));
        return new($"{parameters.Version}+{parameters.Population.Version}",
            [.. persons.Select((_, i) => Outcome(persons, i, parameters, priorBits))], nobody / total);
    }

    private static List<Suspect> Suspects(Person patient, List<Candidate> candidates, Parameters parameters, double priorBits)
    {
        var first = Fold.Persons(candidates, parameters);
        var persons = new List<Suspect>();
        for (var i = 0; i < candidates.Count; i++)
        {
            var candidate = candidates[i];
            var weight = Weight.Of(Compare.Persons(patient, candidate.Person, parameters), parameters, priorBits);
            var plan = new PlanOfPerson(candidate.PlanId, candidate.CouncilCode, candidate.Role);
            if (persons.Find(person => person.First == first[i]) is { } known)
                known.Add(plan, weight);
            else
                persons.Add(new(first[i], plan, weight, newborn: false));

            if (candidate is { Role: MatchRole.MotherOfUnborn, ExpectedDate: { } expected }
                && patient.BirthDate is { } born && CompareBirthDates.InWindow(born, expected))
            {
                var joined = Weight.Of(Compare.NewbornWithMother(patient, candidate.Person, expected, parameters), parameters, priorBits);
                persons.Add(new(-1 - i, plan with { Role = MatchRole.Child }, joined, newborn: true));
            }
        }

        return persons;
    }

    private static PersonDecision Outcome(List<Suspect> persons, int i, Parameters parameters, double priorBits)
    {
        var person = persons[i];
        var lead = persons.Count == 1 ? (double?)null : Math.Log2(person.Same / persons[i == 0 ? 1 : 0].Same);
        var rivals = persons.Where(rival => rival != person && rival.Posterior >= RivalFloor).Take(MostRivals)
            .Select(rival => new Rival(rival.Plans[0].PlanId, rival.Posterior));
        var evidence = new Evidence(
            person.Weight.Traits, priorBits, person.Weight.Bits, person.Weight.HousemateBits, person.Posterior, lead, [.. rivals], person.Newborn);

        var reasons = Vetoes.Of(person.Weight, person.Newborn);
        if (person.Posterior < parameters.Costs.MatchAt)
            reasons.Add(ReviewReason.Uncertain);
        if (lead < parameters.Margin)
            reasons.Add(ReviewReason.RivalTooClose);

        MatchOutcome outcome = reasons.Count == 0 ? new MatchOutcome.Matched(evidence)
            : person.Posterior >= parameters.Costs.ReviewAt || reasons.Contains(ReviewReason.NumberContradicted)
                ? new MatchOutcome.NeedsReview(evidence, reasons)
                : new MatchOutcome.NoMatch(evidence);
        return new(person.Plans, outcome);
    }

    private sealed class Suspect(int first, PlanOfPerson plan, Weight weight, bool newborn)
    {
        public int First { get; } = first;
        public List<PlanOfPerson> Plans { get; } = [plan];
        public Weight Weight { get; private set; } = weight;
        public bool Newborn { get; } = newborn;
        public double Same { get; set; }
        public double Posterior { get; set; }

        public void Add(PlanOfPerson another, Weight weight)
        {
            Plans.Add(another);
            if (weight.Bits > Weight.Bits)
                Weight = weight;
        }
    }
}
