using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>A candidate compared with the patient.</summary>
internal sealed record CandidateRecord(Candidate Candidate, ScoredCandidate Scored)
{
    /// <summary>What the patient would be to the plan: a mother's unborn plan is the newborn's.</summary>
    public PlanOfPerson Plan =>
        new(Candidate.PlanId, Candidate.CouncilCode, Scored.Newborn ? MatchRole.Child : Candidate.Role);

    // True where the patient came with this person's number.
    private bool HasPatientsNumber => Scored.Seen.LevelOf("identifier") == "equal";

    private bool HasAnotherNumber => Scored.Seen.LevelOf("identifier") == "different";

    /// <summary>
    /// Every candidate as the patient; where an unborn plan hangs on the candidate and the patient was born about the
    /// expected date, the patient as her newborn. Nearest first, the same whatever the order of the candidates.
    /// </summary>
    public static List<CandidateRecord> All(Person patient, IReadOnlyList<Candidate> candidates, Parameters parameters)
    {
        var rows = new List<CandidateRecord>(candidates.Count);
        // What a register says of homes is said by no other file: there one person stands in several rows, each written
        // in another way.
        var isRegister = candidates is [{ CouncilCode.Length: > 0 }, ..];
        var communal = isRegister ? Communal.Find(patient, candidates) : null;
        foreach (var candidate in candidates)
        {
            // Whoever was born about the date that a child of hers is expected is not the mother.
            var newborn =
                candidate is { Role: MatchRole.MotherOfUnborn, ExpectedDate: { } due }
                && patient.BirthDate is { } born
                && CompareBirthDates.InWindow(born, due);
            var seen = newborn
                ? Compare.NewbornWithMother(patient, candidate.Person, candidate.ExpectedDate!.Value, parameters)
                : Compare.Persons(patient, candidate.Person, parameters);
            communal?.Mark(seen, candidate.Person);
            if (isRegister)
                CompareAges.Mark(seen, patient, candidate);
            rows.Add(Compared(candidate, seen, newborn, parameters));
        }

        List<CandidateRecord> withPatientsNumber = isRegister ? rows.FindAll(row => row.HasPatientsNumber) : [];
        for (var i = 0; i < rows.Count && withPatientsNumber.Count > 0; i++)
            rows[i] = rows[i].WithHousematesNumber(patient, withPatientsNumber, parameters);
        rows.Sort(static (left, right) => ScoredCandidate.NearestFirst(left.Scored, right.Scored));
        return rows;
    }

    // The same row, where the patient came with the number of a brother or sister that is a candidate too: that is a
    // slip of the family's papers, and no reason to look for a stranger.
    private CandidateRecord WithHousematesNumber(
        Person patient,
        List<CandidateRecord> withPatientsNumber,
        Parameters parameters
    )
    {
        if (
            !HasAnotherNumber
            || !withPatientsNumber.Exists(other =>
                other.Candidate.PlanId != Candidate.PlanId && AreOneHome(other.Candidate.Person, Candidate.Person)
            )
        )
        {
            return this;
        }

        var number = new Observation("identifier", "housemates");
        var seen = Scored
            .Seen.Where(observation => observation.Trait != "numberStatus")
            .Select(observation => observation.Trait == "identifier" ? number : observation)
            .ToList();
        if (CompareNumbers.StatusOf(patient, number) is { } status)
            seen.Insert(1, status);
        return new(Candidate, new(Candidate.PlanId, seen, newborn: false, parameters) { Plain = Scored });
    }

    private static bool AreOneHome(Person left, Person right) =>
        Households.AreOne(left, right) || Households.SharePostcode(left, right);

    private static CandidateRecord Compared(
        Candidate candidate,
        List<Observation> seen,
        bool newborn,
        Parameters parameters
    ) => new(candidate, new(candidate.PlanId, seen, newborn, parameters));
}
