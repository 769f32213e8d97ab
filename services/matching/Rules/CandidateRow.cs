using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>A candidate compared with the patient.</summary>
internal sealed record CandidateRow(Candidate Candidate, PlanOfPerson Plan, Suspect Suspect)
{
    public Outline Outline { get; } = Outline.Of(Candidate.Person);

    /// <summary>True where the patient came with this person's number.</summary>
    public bool HasPatientsNumber => Suspect.Seen.Any(observation => observation is { Trait: "identifier", Level: "equal" });

    /// <summary>
    /// The candidate as the patient; and, where an unborn plan hangs on the candidate and the patient was born about the expected
    /// date, the patient as her newborn.
    /// </summary>
    public static IEnumerable<CandidateRow> Of(Person patient, Candidate candidate, Parameters parameters)
    {
        var plan = new PlanOfPerson(candidate.PlanId, candidate.CouncilCode, candidate.Role);
        yield return new(candidate, plan, Compared(candidate, Compare.Persons(patient, candidate.Person, parameters), false, parameters));
        if (candidate is not { Role: MatchRole.MotherOfUnborn, ExpectedDate: { } expected }
            || patient.BirthDate is not { } born || !CompareBirthDates.InWindow(born, expected))
            yield break;

        var seen = Compare.NewbornWithMother(patient, candidate.Person, expected, parameters);
        yield return new(candidate, plan with { Role = MatchRole.Child }, Compared(candidate, seen, true, parameters));
    }

    /// <summary>
    /// The same row, where the patient came with the number of a brother or sister that is a candidate too: that is a slip of the
    /// family's papers, and no reason to look for a stranger.
    /// </summary>
    public CandidateRow WithHousematesNumber(List<CandidateRow> withPatientsNumber, Parameters parameters)
    {
        if (withPatientsNumber.Count == 0 || Suspect.Newborn || !Suspect.Seen.Any(HasAnotherNumber)
            || !withPatientsNumber.Exists(other => other.Plan.PlanId != Plan.PlanId && AreOneHome(other.Candidate.Person, Candidate.Person)))
            return this;
        var seen = Suspect.Seen.Select(observation => HasAnotherNumber(observation) ? observation with { Level = "housemates" } : observation).ToList();
        return this with { Suspect = Compared(Candidate, seen, newborn: false, parameters) };
    }

    private static bool HasAnotherNumber(Observation observation) => observation is { Trait: "identifier", Level: "different" };

    private static bool AreOneHome(Person left, Person right) =>
        Homes.AreOne(left, right) || Homes.SharePostcode(left, right);

    private static Suspect Compared(Candidate candidate, List<Observation> seen, bool newborn, Parameters parameters)
    {
        var (bits, housemate) = Score.Sum(seen, parameters);
        return new(candidate.PlanId, seen, bits, housemate, newborn);
    }
}
